import { ActionIcon, Button, Checkbox, NativeSelect } from '@mantine/core';
import { IconGripVertical, IconPencil, IconPlus, IconX } from '@tabler/icons-react';
import { type KeyboardEvent, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FormField, PoolField } from '../api/types.ts';
import { FieldDialog, type FieldPool } from './FieldDialog.tsx';
import styles from './FormFields.module.css';
import { dropPlace, moved } from './reorder.ts';
import { type Half, useRowDrag } from './useRowDrag.ts';

interface RowProps {
  field: PoolField;
  required: boolean;
  /** Names the form, so that rows of another one are not dropped here. */
  form: string;
  onRequired: (required: boolean) => void;
  onEdit: () => void;
  onRemove: () => void;
  onDrop: (key: string, half: Half) => void;
  onStep: (step: -1 | 1) => void;
}

function Row(props: RowProps) {
  const { field, required, form, onRequired, onEdit, onRemove, onDrop, onStep } = props;
  const { t } = useTranslation();
  const row = useRef<HTMLLIElement>(null);
  const over = useRowDrag(row, { list: form, id: field.key, onDrop });
  const onKeyDown = (event: KeyboardEvent) => {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    event.stopPropagation();
    onStep(event.key === 'ArrowUp' ? -1 : 1);
  };
  return (
    <li ref={row} className={styles.row} data-over={over} onKeyDown={onKeyDown}>
      <IconGripVertical size={14} aria-hidden className={styles.grip} />
      <button
        type="button"
        className={styles.name}
        title={t('admin.dragHelp')}
        aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
        onClick={onEdit}
      >
        <bdi>{field.label}</bdi>
        <span className={styles.type}>
          {field.hidden_at ? t('requestTypes.fieldHidden') : t(`fieldType.${field.type.type}`)}
        </span>
      </button>
      <Checkbox
        label={t('attributes.required')}
        aria-label={t('requestTypes.requiredOf', { name: field.label })}
        checked={required}
        onChange={(event) => onRequired(event.currentTarget.checked)}
      />
      <ActionIcon
        size={24}
        aria-label={t('requestTypes.editField', { name: field.label })}
        onClick={onEdit}
      >
        <IconPencil size={14} aria-hidden />
      </ActionIcon>
      <ActionIcon
        size={24}
        aria-label={t('requestTypes.removeField', { name: field.label })}
        onClick={onRemove}
      >
        <IconX size={14} aria-hidden />
      </ActionIcon>
    </li>
  );
}

interface Props {
  value: readonly FormField[];
  /** Where the fields are made and changed that forms share. */
  pool: FieldPool;
  fields: readonly PoolField[];
  onChange: (value: FormField[]) => void;
  /** What is said while there are none. */
  none: string;
  problem: string | null;
}

/** The fields of a form in their order; those that other forms have can be taken, new ones made here. */
export function FormFields({ value, pool, fields, onChange, none, problem }: Props) {
  const { t } = useTranslation();
  const form = useId();
  const [editing, setEditing] = useState<PoolField | 'new' | null>(null);
  const keys = value.map((one) => one.key);
  const inOrder = (wanted: readonly string[]) =>
    onChange(wanted.flatMap((key) => value.find((one) => one.key === key) ?? []));
  const others = fields.filter((one) => !one.hidden_at && !keys.includes(one.key));
  const add = (key: string) => onChange([...value, { key, required: false }]);
  return (
    <fieldset className={styles.fields}>
      <legend className={styles.legend}>{t('requestTypes.fields')}</legend>
      {value.length === 0 && <p className={styles.none}>{none}</p>}
      <ul className={styles.rows}>
        {value.map((one, place) => {
          const field = fields.find((known) => known.key === one.key);
          if (!field) return null;
          return (
            <Row
              key={one.key}
              field={field}
              required={one.required}
              form={form}
              onRequired={(required) =>
                onChange(value.map((known) => (known === one ? { ...one, required } : known)))
              }
              onEdit={() => setEditing(field)}
              onRemove={() => onChange(value.filter((known) => known !== one))}
              onDrop={(key, half) => inOrder(moved(keys, key, dropPlace(keys, key, one.key, half)))}
              onStep={(step) => inOrder(moved(keys, one.key, place + step))}
            />
          );
        })}
      </ul>
      {problem && (
        <p role="alert" className={styles.problem}>
          {problem}
        </p>
      )}
      <div className={styles.add}>
        <Button
          variant="default"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => setEditing('new')}
        >
          {t('requestTypes.newField')}
        </Button>
        {others.length > 0 && (
          <NativeSelect
            size="xs"
            aria-label={t('requestTypes.takeField')}
            data={[
              { value: '', label: t('requestTypes.takeField') },
              ...others.map((one) => ({ value: one.key, label: one.label })),
            ]}
            value=""
            onChange={(event) => event.currentTarget.value && add(event.currentTarget.value)}
          />
        )}
      </div>
      <FieldDialog
        opened={editing !== null}
        pool={pool}
        field={editing === 'new' ? null : editing}
        onClose={() => setEditing(null)}
        onAdded={(field) => add(field.key)}
      />
    </fieldset>
  );
}
