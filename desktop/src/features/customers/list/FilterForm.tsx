import { Button, Popover, Select, TextInput } from '@mantine/core';
import { IconFilter } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommand } from '../../../shared/keys/useCommand.ts';
import {
  COLUMNS,
  columnOf,
  HIDDEN_COLUMNS,
  type ListColumn,
  OPERATORS,
  type Operator,
} from './columns.tsx';
import styles from './list.module.css';
import type { Filter } from './listQuery.ts';

/** Chooses a column, an operator of its type and a value; every filter must hold (product.md 1.6). */
export function FilterForm({ onAdd }: { onAdd(filter: Filter): void }) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  const [field, setField] = useState('last_name');
  const column = columnOf(field) as ListColumn;
  const [operator, setOperator] = useState<Operator>('contains');
  const [value, setValue] = useState('');
  const operators = OPERATORS[column.kind];
  const chosen = operators.includes(operator) ? operator : operators[0];
  const ready = chosen === 'empty' || value.trim() !== '';
  useCommand('go.filter', () => setOpened(true));

  const add = () => {
    if (!ready || !chosen) return;
    onAdd({ field, operator: chosen, value: chosen === 'empty' ? 'true' : value.trim() });
    setValue('');
    setOpened(false);
  };

  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" trapFocus shadow="md">
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
        <form
          className={styles.filterForm}
          aria-label={t('list.filter')}
          onSubmit={(event) => {
            event.preventDefault();
            add();
          }}
        >
          <Select
            label={t('list.column')}
            data={[...COLUMNS, ...HIDDEN_COLUMNS].map(({ key, label }) => ({
              value: key,
              label: t(label),
            }))}
            value={field}
            onChange={(next) => next && setField(next)}
            comboboxProps={{ withinPortal: false }}
            allowDeselect={false}
            searchable
          />
          <Select
            label={t('list.operator')}
            data={operators.map((one) => ({ value: one, label: t(`list.op.${one}`) }))}
            value={chosen ?? null}
            onChange={(next) => next && setOperator(next as Operator)}
            comboboxProps={{ withinPortal: false }}
            allowDeselect={false}
          />
          {chosen !== 'empty' &&
            (column.options ? (
              <Select
                label={t('list.value')}
                data={column.options.map((one) => ({
                  value: one,
                  label: one === 'company' ? t('customer.company') : t('customer.person'),
                }))}
                value={value || null}
                onChange={(next) => setValue(next ?? '')}
                comboboxProps={{ withinPortal: false }}
              />
            ) : (
              <TextInput
                label={t('list.value')}
                type={column.kind === 'instant' ? 'date' : 'text'}
                value={value}
                onChange={(event) => setValue(event.currentTarget.value)}
                data-autofocus
              />
            ))}
          <Button type="submit" disabled={!ready}>
            {t('list.addFilter')}
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
