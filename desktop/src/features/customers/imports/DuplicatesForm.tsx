import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Attribute, OnDuplicate } from '../../../shared/api/types.ts';
import styles from './steps.module.css';
import { fillsKey } from './steps.ts';

const ACTIONS = ['ignore', 'update', 'fill', 'replace'] as const satisfies readonly OnDuplicate[];
// What can be compared: the server refuses the other types of attributes as a key.
const COMPARED: ReadonlySet<string> = new Set([
  'text',
  'alphanumeric_15',
  'alphanumeric_50',
  'integer',
]);
const NONE = 'none';

interface Props {
  mapping: Readonly<Record<string, string>>;
  attributes: readonly Attribute[];
  keyField: string | null;
  onDuplicate: OnDuplicate;
  disabled: boolean;
  onKey(key: string | null): void;
  onAction(action: OnDuplicate): void;
}

/** How a row is recognised as a customer who is known, and what becomes of it then (product.md 1.7). */
export function DuplicatesForm(props: Props) {
  const { mapping, attributes, keyField, onDuplicate, disabled, onKey, onAction } = props;
  const { t } = useTranslation();
  const keys = [
    { value: 'external_id', label: t('import.keyExternal') },
    { value: 'email', label: t('import.keyEmail') },
    { value: 'phone', label: t('import.keyPhone') },
    ...attributes
      .filter((one) => COMPARED.has(one.type.type))
      .map((one) => ({ value: `attributes.${one.key}`, label: one.label })),
  ];
  return (
    <fieldset className={styles.choices} disabled={disabled}>
      <legend>{t('import.duplicates')}</legend>
      <p>{t('import.duplicatesHelp')}</p>
      <Select
        label={t('import.key')}
        data={[
          { value: NONE, label: t('import.keyNone') },
          ...keys.map((one) => ({ ...one, disabled: !fillsKey(mapping, one.value) })),
        ]}
        value={keyField ?? NONE}
        onChange={(value) => onKey(value && value !== NONE ? value : null)}
        allowDeselect={false}
      />
      <Select
        label={t('import.action')}
        data={ACTIONS.map((value) => ({ value, label: t(`import.onDuplicate.${value}`) }))}
        value={onDuplicate}
        onChange={(value) => value && onAction(value)}
        allowDeselect={false}
        disabled={keyField === null || disabled}
      />
    </fieldset>
  );
}
