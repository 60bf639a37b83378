import { Button, NativeSelect } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Attribute, BulkEdit, Json, Uuid } from '../../../shared/api/types.ts';
import { FieldInput } from '../../../shared/fields/FieldInput.tsx';
import { type Control, FIELD_TYPES } from '../../../shared/fields/fieldTypes.ts';
import { languageName } from '../../../shared/format/time.ts';
import { Dialog } from '../../../shared/ui/Dialog.tsx';
import { SendForm } from '../../../shared/ui/SendForm.tsx';
import { useAttributes } from '../attributes.ts';
import { LANGUAGE_CODES } from '../values.ts';
import styles from './bulk.module.css';
import { actOnBulkEdit, prepareBulkEdit } from './bulk.ts';
import { CONSENT_CHANNELS } from './columns.tsx';

interface Field {
  key: string;
  label: string;
  control: Control;
  /** What a cleared value is called; null: it can't be cleared. */
  clears: boolean;
}

/** What can be set of many cards at once: names, numbers and addresses belong to one. */
function useFields(): Field[] {
  const { t } = useTranslation();
  const attributes = useAttributes() ?? [];
  const yesNo = FIELD_TYPES.bool.control({ type: 'bool' }, t);
  const choice = (options: { value: string; label: string }[]): Control => ({
    as: 'choice',
    options: [{ value: '', label: '–' }, ...options],
  });
  const alike = (one: Attribute) => one.type.type !== 'phone' && one.type.type !== 'email';
  return [
    {
      key: 'preferred_language',
      label: t('field.preferred_language'),
      control: choice(LANGUAGE_CODES.map((value) => ({ value, label: languageName(value) }))),
      clears: true,
    },
    {
      key: 'kind',
      label: t('field.kind'),
      control: choice([
        { value: 'person', label: t('customer.person') },
        { value: 'company', label: t('customer.company') },
      ]),
      clears: false,
    },
    {
      key: 'company_name',
      label: t('field.company_name'),
      control: { as: 'line', type: 'text' },
      clears: true,
    },
    ...CONSENT_CHANNELS.map((channel) => ({
      key: `consent.${channel}`,
      label: t('bulk.consentFor', { channel: t(`channel.${channel}`) }),
      control: yesNo,
      clears: true,
    })),
    ...attributes.filter(alike).map((one) => ({
      key: `attributes.${one.key}`,
      label: one.label,
      control: FIELD_TYPES[one.type.type].control(one.type, t),
      clears: !one.required,
    })),
    {
      key: 'archived',
      label: t('bulk.archived'),
      control: choice([
        { value: 'true', label: t('bulk.archive') },
        { value: 'false', label: t('bulk.restore') },
      ]),
      clears: false,
    },
  ];
}

/** The change as the API takes it. */
export function changeOf(key: string, value: Json): Record<string, Json> {
  const [group, name] = key.split('.');
  if (group && name) return { [group]: { [name]: value } };
  return { [key]: key === 'archived' ? value === 'true' : value };
}

interface Props {
  /** Whom it is for: these, or all whom the list finds. */
  ids: Uuid[] | null;
  query: string;
  onClose(): void;
  onStarted(id: Uuid): void;
}

/** Sets one field of many cards: first what, then the exact number, then it is done. */
export function BulkEditDialog({ ids, query, onClose, onStarted }: Props) {
  const { t } = useTranslation();
  const fields = useFields();
  const [key, setKey] = useState('preferred_language');
  const [value, setValue] = useState<Json>(null);
  const [prepared, setPrepared] = useState<BulkEdit | null>(null);
  const field = fields.find((one) => one.key === key) ?? fields[0];
  const empty = value === null || value === '' || (Array.isArray(value) && value.length === 0);
  const helpId = useId();
  const prepare = useMutation({
    mutationFn: () =>
      prepareBulkEdit({
        change: changeOf(key, empty ? null : value),
        ...(ids ? { ids } : { query }),
      }),
    onSuccess: setPrepared,
  });
  const start = useMutation({
    mutationFn: () => actOnBulkEdit(prepared?.id ?? '', 'start'),
    onSuccess: (started) => {
      onStarted(started.id);
      onClose();
    },
  });
  if (!field) return null;
  const shown = empty
    ? t('bulk.nothing')
    : field.control.as === 'choice'
      ? (field.control.options.find((one) => one.value === String(value))?.label ?? String(value))
      : String(value);
  return (
    <Dialog opened onClose={onClose} title={t('bulk.title')}>
      {prepared ? (
        <SendForm
          className={styles.form}
          action={t('bulk.start', { count: prepared.total })}
          ready
          busy={start.isPending}
          problem={start.error}
          onSend={() => start.mutate()}
          acts={
            <Button
              variant="subtle"
              color="gray"
              leftSection={<IconArrowBackUp size={14} aria-hidden />}
              onClick={() => setPrepared(null)}
            >
              {t('bulk.back')}
            </Button>
          }
        >
          <p
            // The form before it is gone, and with it where the keys were.
            ref={(number) => number?.focus()}
            tabIndex={-1}
            role="status"
            className={styles.number}
          >
            {t('bulk.concerns', { count: prepared.total })}
          </p>
          <p>{t('bulk.sets', { field: field.label, value: shown })}</p>
          <p className={styles.help}>{t('bulk.frozen')}</p>
        </SendForm>
      ) : (
        <SendForm
          className={styles.form}
          action={t('bulk.count')}
          ready={!empty || field.clears}
          busy={prepare.isPending}
          problem={prepare.error}
          onSend={() => prepare.mutate()}
          acts={
            <Button variant="subtle" color="gray" onClick={onClose}>
              {t('common.cancel')}
            </Button>
          }
        >
          <NativeSelect
            size="xs"
            label={t('bulk.field')}
            data={fields.map((one) => ({ value: one.key, label: one.label }))}
            value={field.key}
            onChange={(event) => {
              setKey(event.currentTarget.value);
              setValue(null);
            }}
            data-autofocus
          />
          <FieldInput
            key={field.key}
            label={t('bulk.value')}
            control={field.control}
            value={value}
            onChange={setValue}
            describedBy={helpId}
          />
          <p id={helpId} className={styles.help}>
            {field.clears ? t('bulk.clearsHelp') : t('bulk.neededHelp')}
          </p>
        </SendForm>
      )}
    </Dialog>
  );
}
