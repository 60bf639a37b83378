import { Button, CloseButton, Popover } from '@mantine/core';
import { IconFilter } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { languageName } from '../format/time.ts';
import { useCommand } from '../keys/useCommand.ts';
import type { ListColumn } from './columns.ts';
import { FilterForm } from './FilterForm.tsx';
import styles from './list.module.css';
import type { Filter } from './listQuery.ts';

interface Props<Row> {
  columns: readonly ListColumn<Row>[];
  filters: readonly Filter[];
  onFilters(filters: Filter[]): void;
}

function useValueText<Row>(column: ListColumn<Row> | undefined, filter: Filter): string {
  const { t } = useTranslation();
  if (filter.operator === 'empty') return filter.value === 'false' ? t('common.no') : '';
  if (column?.kind === 'bool') return filter.value === 'true' ? t('common.yes') : t('common.no');
  if (column?.key === 'preferred_language' && /^[a-z]{2,3}$/i.test(filter.value))
    return languageName(filter.value);
  return column?.options?.find((one) => one.value === filter.value)?.label ?? filter.value;
}

interface ChipProps<Row> {
  columns: readonly ListColumn<Row>[];
  filter: Filter;
  onChange(filter: Filter): void;
  onRemove(): void;
}

/** One filter: Enter or a click changes it, Delete takes it away. */
function FilterChip<Row>({ columns, filter, onChange, onRemove }: ChipProps<Row>) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  const column = columns.find((one) => one.key === filter.field);
  const name = column?.label ?? filter.field;
  const operator = t(`list.op.${filter.operator}`, { defaultValue: filter.operator });
  const value = useValueText(column, filter);
  return (
    <span className={styles.chip}>
      <Popover
        opened={opened}
        onChange={setOpened}
        position="bottom-start"
        trapFocus
        shadow="md"
        returnFocus
      >
        <Popover.Target>
          <button
            type="button"
            className={styles.chipText}
            title={t('listView.editFilter', { name })}
            onClick={() => setOpened(!opened)}
            onKeyDown={(event) => {
              if (event.key === 'Delete' || event.key === 'Backspace') onRemove();
            }}
          >
            {t('listView.chip', { name, op: filter.operator, operator, value })}
          </button>
        </Popover.Target>
        <Popover.Dropdown>
          <FilterForm
            columns={columns}
            filter={filter}
            onDone={(next) => {
              setOpened(false);
              onChange(next);
            }}
          />
        </Popover.Dropdown>
      </Popover>
      <CloseButton
        size={24}
        iconSize={14}
        aria-label={t('list.removeFilter', { name })}
        onClick={onRemove}
      />
    </span>
  );
}

/** The button that adds a filter (F). */
export function FilterButton<Row>({ columns, filters, onFilters }: Props<Row>) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  useCommand('go.filter', () => setOpened(true));
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-start"
      trapFocus
      shadow="md"
      returnFocus
    >
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconFilter size={14} aria-hidden />}
          onClick={() => setOpened(!opened)}
        >
          {t('list.filter')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <FilterForm
          columns={columns}
          filter={null}
          onDone={(filter) => {
            setOpened(false);
            onFilters([...filters, filter]);
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}

/** The filters that hold, each to be changed or taken away. */
export function FilterChips<Row>({ columns, filters, onFilters }: Props<Row>) {
  const { t } = useTranslation();
  if (filters.length === 0) return null;
  return (
    <section className={styles.chips} aria-label={t('listView.filters')}>
      {filters.map((filter, place) => (
        <FilterChip
          // biome-ignore lint/suspicious/noArrayIndexKey: the same filter may stand twice; its place is what it is
          key={`${place} ${filter.field}.${filter.operator}=${filter.value}`}
          columns={columns}
          filter={filter}
          onChange={(next) => onFilters(filters.with(place, next))}
          onRemove={() => onFilters(filters.toSpliced(place, 1))}
        />
      ))}
      {filters.length > 1 && (
        <Button variant="subtle" color="gray" size="compact-xs" onClick={() => onFilters([])}>
          {t('listView.clearFilters')}
        </Button>
      )}
    </section>
  );
}
