import { Button, NumberInput, TextInput } from '@mantine/core';
import { IconEyeOff, IconRestore } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { AdminForm } from '../../../shared/admin/AdminForm.tsx';
import { AdminPage } from '../../../shared/admin/AdminPage.tsx';
import { FormFields } from '../../../shared/admin/FormFields.tsx';
import { useForm } from '../../../shared/admin/useForm.ts';
import { useOrder } from '../../../shared/admin/useOrder.ts';
import type { Json, RequestSchema, RequestType } from '../../../shared/api/types.ts';
import {
  addField,
  addType,
  changeField,
  changeType,
  hideField,
  hideType,
  orderTypes,
  restoreField,
  restoreType,
  useRequestSchema,
} from '../api.ts';

const PATH = '/administration/request-types';
const FIELDS = ['label', 'key', 'close_after_days', 'fields'] as const;
const NEW = { label: '', key: '', close_after_days: 5, fields: [] as RequestType['fields'] };

function TypeForm({ type, schema }: { type: RequestType | null; schema: RequestSchema }) {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const form = useForm<typeof NEW>(`request_type/${type?.key ?? '+'}`, type ?? NEW);
  const { label, key, close_after_days: days, fields } = form.values;
  const save = useMutation({
    mutationFn: () =>
      type
        ? changeType(type.key, form.changed)
        : addType({ label, close_after_days: days, fields, ...(key && { key }) }),
    onSuccess: (saved) => {
      form.reset();
      if (!type) navigate(`${PATH}/${saved.key}`);
    },
  });
  const hidden = type?.hidden_at != null;
  const hide = useMutation({
    mutationFn: () => (hidden ? restoreType(type?.key ?? '') : hideType(type?.key ?? '')),
  });
  const restore = useMutation({ mutationFn: restoreField });
  const away = schema.fields.filter((one) => one.hidden_at);
  const wrong = save.error?.errors.find((one) => one.field.startsWith('fields'));
  const problem = save.error ?? hide.error ?? restore.error;
  return (
    <AdminForm
      form={form}
      title={type?.label ?? t('requestTypes.new')}
      action={type ? t('admin.save') : t('requestTypes.add')}
      busy={save.isPending}
      problem={problem}
      fields={FIELDS}
      onSave={() => save.mutate()}
      acts={
        type && (
          <Button
            variant="subtle"
            color="gray"
            leftSection={
              hidden ? <IconRestore size={14} aria-hidden /> : <IconEyeOff size={14} aria-hidden />
            }
            loading={hide.isPending}
            onClick={() => hide.mutate()}
          >
            {hidden ? t('requestTypes.restore') : t('requestTypes.hide')}
          </Button>
        )
      }
    >
      <TextInput
        label={t('requestTypes.label')}
        autoFocus={!type}
        value={label}
        error={save.error?.fieldMessage('label')}
        onChange={(event) => form.set({ label: event.currentTarget.value })}
      />
      <NumberInput
        size="xs"
        w={280}
        label={t('requestTypes.days')}
        description={t('requestTypes.daysHelp')}
        min={0}
        max={3650}
        allowDecimal={false}
        value={days}
        error={save.error?.fieldMessage('close_after_days')}
        onChange={(value) => form.set({ close_after_days: Number(value) || 0 })}
      />
      <FormFields
        pool={{
          add: addField,
          change: changeField,
          hide: hideField,
          of: t('request.one'),
          path: (id) => `/requests/${id}`,
        }}
        none={t('requestTypes.noFields')}
        value={fields}
        fields={schema.fields}
        onChange={(chosen) => form.set({ fields: chosen })}
        problem={wrong?.message ?? null}
      />
      {away.length > 0 && (
        <p>
          {t('requestTypes.awayFields')}{' '}
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
      <TextInput
        label={t('attributes.key')}
        description={type ? t('attributes.keyStays') : t('requestTypes.keyHelp')}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        readOnly={type !== null}
        value={key}
        error={save.error?.fieldMessage('key')}
        onChange={(event) => form.set({ key: event.currentTarget.value })}
      />
    </AdminForm>
  );
}

/** What there is to ask: the types of requests and their fields (product.md 2.2). */
export function RequestTypesPage() {
  const { t } = useTranslation();
  const schema = useRequestSchema();
  const { items: types, order } = useOrder(schema.data?.types, (one) => one.key, orderTypes);
  const fieldNames = (value: Json) =>
    (value as unknown as RequestType['fields'])
      .map(({ key, required }) => {
        const name = schema.data?.fields.find((one) => one.key === key)?.label ?? key;
        return required ? `${name} *` : name;
      })
      .join(', ');
  const daysText = (days: number) =>
    days === 0 ? t('requestTypes.never') : t('requestTypes.afterDays', { days });
  return (
    <AdminPage
      title={t('requestTypes.title')}
      affects={t('requestTypes.affects')}
      path={PATH}
      entity="request_type"
      words={{
        label: { label: t('requestTypes.label'), show: String },
        close_after_days: {
          label: t('requestTypes.days'),
          show: (value) => daysText(Number(value)),
        },
        fields: { label: t('requestTypes.fields'), show: fieldNames },
      }}
      items={types?.map((one) => ({
        id: one.key,
        label: one.label,
        note: daysText(one.close_after_days),
        off: one.hidden_at !== null && t('requestTypes.hidden'),
      }))}
      problem={schema.error}
      onRetry={() => void schema.refetch()}
      add={t('requestTypes.add')}
      onOrder={order}
      form={(id) =>
        schema.data && (
          <TypeForm
            type={schema.data.types.find((one) => one.key === id) ?? null}
            schema={schema.data}
          />
        )
      }
    />
  );
}
