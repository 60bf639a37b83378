import type { AttributeType } from '../api/types.ts';
import { LinkedText } from '../ui/LinkedText.tsx';
import { Phone } from '../ui/Phone.tsx';
import type { Kind, ListColumn } from './columns.ts';

const KINDS: Partial<Record<AttributeType['type'], Kind>> = {
  integer: 'number',
  decimal: 'number',
  duration: 'number',
  bool: 'bool',
  choice: 'choice',
  multiple_choice: 'choices',
  date: 'day',
  time: 'time',
  date_time: 'instant',
  phone: 'phone',
};

/** The column of a field that administrators defined; `show` is its value in a row as people read it. */
export function fieldColumn<Row>(
  key: string,
  { label, type }: { label: string; type: AttributeType },
  show: (row: Row) => string | null,
): ListColumn<Row> {
  const kind = KINDS[type.type] ?? 'text';
  return {
    key,
    kind,
    label,
    width: 140,
    least: 96,
    extra: true,
    mayLack: true,
    ...(kind === 'phone' && { operators: ['contains', 'eq'] as const }),
    ...(type.options && { options: type.options.map((value) => ({ value, label: value })) }),
    cell: ({ data }) => {
      const value = data && show(data);
      if (!value) return null;
      if (type.type === 'phone') return <Phone value={value} />;
      return <bdi title={value}>{type.type === 'url' ? <LinkedText text={value} /> : value}</bdi>;
    },
  };
}
