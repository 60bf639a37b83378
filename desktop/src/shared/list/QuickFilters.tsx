import { Button } from '@mantine/core';
import type { Filter } from './listQuery.ts';

export interface QuickFilter {
  label: string;
  filter: Filter;
}

interface Props {
  quick: readonly QuickFilter[];
  filters: readonly Filter[];
  onFilters: (filters: Filter[]) => void;
}

function same(a: Filter, b: Filter): boolean {
  return a.field === b.field && a.operator === b.operator && a.value === b.value;
}

/** What one looks for most in a list, each a filter of one click; another one on the same column takes its place. */
export function QuickFilters({ quick, filters, onFilters }: Props) {
  return (
    <Button.Group>
      {quick.map(({ label, filter }) => {
        const on = filters.some((one) => same(one, filter));
        const others = filters.filter((one) =>
          on ? !same(one, filter) : one.field !== filter.field,
        );
        return (
          <Button
            key={label}
            variant={on ? 'light' : 'default'}
            aria-pressed={on}
            onClick={() => onFilters(on ? others : [...others, filter])}
          >
            {label}
          </Button>
        );
      })}
    </Button.Group>
  );
}
