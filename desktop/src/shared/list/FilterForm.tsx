import { Button, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type ListColumn, type Operator, operatorsOf } from './columns.ts';
import styles from './list.module.css';
import type { Filter } from './listQuery.ts';

const INPUT_TYPE = { instant: 'date', day: 'date', time: 'time' } as const;
const YES_NO = ['true', 'false'] as const;

interface Props<Row> {
  columns: readonly ListColumn<Row>[];
  /** The one that is edited; null for a new one. */
  filter: Filter | null;
  onDone(filter: Filter): void;
}

/** Chooses a column, an operator of its type and a value; every filter must hold (product.md 1.6). */
export function FilterForm<Row>({ columns, filter, onDone }: Props<Row>) {
  const { t } = useTranslation();
  const filterable = columns.filter((one) => one.filterable !== false);
  const [field, setField] = useState(filter?.field ?? filterable[0]?.key ?? '');
  const column = filterable.find((one) => one.key === field) ?? filterable[0];
  const operators = column ? operatorsOf(column) : [];
  const [operator, setOperator] = useState<Operator>((filter?.operator as Operator) ?? 'contains');
  const [value, setValue] = useState(filter?.value ?? '');
  const chosen = operators.includes(operator) ? operator : operators[0];
  const asksYesNo = chosen === 'empty' || column?.kind === 'bool';
  const options = asksYesNo
    ? YES_NO.map((one) => ({ value: one, label: t(one === 'true' ? 'common.yes' : 'common.no') }))
    : chosen === 'in'
      ? undefined
      : column?.options;
  const typed = options ? (options.some((one) => one.value === value) ? value : '') : value.trim();
  const wanted = asksYesNo && typed === '' ? 'true' : typed;
  const ready = chosen !== undefined && wanted !== '';
  const type = column && chosen !== 'in' && INPUT_TYPE[column.kind as keyof typeof INPUT_TYPE];

  return (
    <form
      className={styles.filterForm}
      aria-label={t('list.filter')}
      onSubmit={(event) => {
        event.preventDefault();
        if (ready && column) onDone({ field: column.key, operator: chosen, value: wanted });
      }}
    >
      <Select
        label={t('list.column')}
        data={filterable.map(({ key, label }) => ({ value: key, label }))}
        value={column?.key ?? null}
        onChange={(next) => {
          if (!next) return;
          setField(next);
          setValue('');
        }}
        comboboxProps={{ withinPortal: false }}
        allowDeselect={false}
        searchable
        data-autofocus={filter ? undefined : true}
      />
      <Select
        label={t('list.operator')}
        data={operators.map((one) => ({ value: one, label: t(`list.op.${one}`) }))}
        value={chosen ?? null}
        onChange={(next) => next && setOperator(next as Operator)}
        comboboxProps={{ withinPortal: false }}
        allowDeselect={false}
      />
      {options ? (
        <Select
          label={t('list.value')}
          data={[...options]}
          value={wanted || null}
          onChange={(next) => setValue(next ?? '')}
          comboboxProps={{ withinPortal: false }}
          allowDeselect={false}
          data-autofocus={filter ? true : undefined}
        />
      ) : (
        <TextInput
          label={t('list.value')}
          {...(chosen === 'in' && { description: t('listView.inHelp') })}
          type={type || 'text'}
          {...(type === 'time' && { step: 1 })}
          value={value}
          onChange={(event) => setValue(event.currentTarget.value)}
          data-autofocus={filter ? true : undefined}
        />
      )}
      <Button type="submit" disabled={!ready}>
        {filter ? t('listView.changeFilter') : t('list.addFilter')}
      </Button>
    </form>
  );
}
