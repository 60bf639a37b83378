import { Button } from '@mantine/core';
import { IconRestore } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { AdminForm } from '../../../shared/admin/AdminForm.tsx';
import { AdminPage } from '../../../shared/admin/AdminPage.tsx';
import { FormFields } from '../../../shared/admin/FormFields.tsx';
import { useForm } from '../../../shared/admin/useForm.ts';
import type { FieldSet, FieldSets, FormField, Json } from '../../../shared/api/types.ts';
import {
  addField,
  changeField,
  changeSet,
  fieldsOfChannel,
  hideField,
  restoreField,
  useFieldSets,
} from '../fieldSets.ts';

const PATH = '/administration/field-sets';
const FIELDS = ['fields'] as const;

function SetForm({ set, sets }: { set: FieldSet; sets: FieldSets }) {
  const { t } = useTranslation();
  const form = useForm<{ fields: FormField[] }>(`field_set/${set.channel}`, { fields: set.fields });
  const { fields } = form.values;
  const save = useMutation({
    mutationFn: () => changeSet(set.channel, fields),
    onSuccess: () => form.reset(),
  });
  const restore = useMutation({ mutationFn: restoreField });
  const away = sets.fields.filter((one) => one.hidden_at);
  const wrong = save.error?.errors.find((one) => one.field.startsWith('fields'));
  return (
    <AdminForm
      form={form}
      title={t(`channel.${set.channel}`)}
      action={t('admin.save')}
      busy={save.isPending}
      problem={save.error ?? restore.error}
      fields={FIELDS}
      onSave={() => save.mutate()}
    >
      <FormFields
        pool={{ add: addField, change: changeField, hide: hideField, of: t('fieldSets.activity') }}
        value={fields}
        fields={sets.fields}
        onChange={(chosen) => form.set({ fields: chosen })}
        none={t('fieldSets.none')}
        problem={wrong?.message ?? null}
      />
      {away.length > 0 && (
        <p>
          {t('fieldSets.away')}{' '}
          {away.map((one) => (
            <Button
              key={one.key}
              size="compact-xs"
              variant="subtle"
              leftSection={<IconRestore size={12} aria-hidden />}
              onClick={() => restore.mutate(one.key)}
            >
              {one.label}
            </Button>
          ))}
        </p>
      )}
    </AdminForm>
  );
}

/** What activities of each channel hold beside what the system knows of them (product.md 3.3). */
export function FieldSetsPage() {
  const { t } = useTranslation();
  const sets = useFieldSets();
  const names = (value: Json) =>
    (value as unknown as FormField[])
      .map(({ key, required }) => {
        const name = sets.data?.fields.find((one) => one.key === key)?.label ?? key;
        return required ? `${name} *` : name;
      })
      .join(', ');
  return (
    <AdminPage
      title={t('fieldSets.title')}
      affects={t('fieldSets.affects')}
      path={PATH}
      entity="field_set"
      words={{ fields: { label: t('fieldSets.fields'), show: names } }}
      items={sets.data?.sets.map(({ channel }) => ({
        id: channel,
        label: t(`channel.${channel}`),
        note: t('fieldSets.count', { count: fieldsOfChannel(sets.data, channel).length }),
      }))}
      problem={sets.error}
      onRetry={() => void sets.refetch()}
      form={(id) => {
        const set = sets.data?.sets.find((one) => one.channel === id);
        return set && sets.data && <SetForm set={set} sets={sets.data} />;
      }}
    />
  );
}
