import { NativeSelect, Radio, Stack } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { AdminForm } from '../../../shared/admin/AdminForm.tsx';
import { AdminPage } from '../../../shared/admin/AdminPage.tsx';
import { useForm } from '../../../shared/admin/useForm.ts';
import { CHANNELS, type ChannelPolicy, type RequestSchema } from '../../../shared/api/types.ts';
import { changePolicy, useRequestPolicies, useRequestSchema } from '../api.ts';

const PATH = '/administration/request-policies';
const ACTIONS = ['none', 'open', 'propose'] as const;
const UNKNOWN = ['form', 'card'] as const;
const FIELDS = ['action', 'type', 'unknown'] as const;

type Known = (typeof ACTIONS | typeof UNKNOWN)[number];

interface ChoiceProps<Option> {
  label: string;
  options: readonly Option[];
  value: Option;
  onChange: (value: Option) => void;
  mt?: number;
}

function Choice<Option extends Known>({
  label,
  options,
  value,
  onChange,
  mt = 0,
}: ChoiceProps<Option>) {
  const { t } = useTranslation();
  return (
    <Radio.Group mt={mt} label={label} value={value} onChange={(one) => onChange(one as Option)}>
      <Stack gap={10} mt={8}>
        {options.map((one) => (
          <Radio
            key={one}
            value={one}
            label={t(`policies.${one}`)}
            description={t(`policies.${one}Help`)}
          />
        ))}
      </Stack>
    </Radio.Group>
  );
}

function PolicyForm({
  policy,
  schema,
}: {
  policy: ChannelPolicy;
  schema: RequestSchema | undefined;
}) {
  const { t } = useTranslation();
  const form = useForm(`request_policy/${policy.channel}`, policy);
  const { action, type, unknown } = form.values;
  const save = useMutation({
    mutationFn: () => changePolicy(policy.channel, form.changed),
    onSuccess: form.reset,
  });
  const types = (schema?.types ?? []).filter((one) => !one.hidden_at || one.key === type);
  return (
    <AdminForm
      form={form}
      title={t(`channel.${policy.channel}`)}
      action={t('admin.save')}
      busy={save.isPending}
      problem={save.error}
      fields={FIELDS}
      onSave={() => save.mutate()}
    >
      <Choice
        label={t('policies.unknown')}
        options={UNKNOWN}
        value={unknown}
        onChange={(value) => form.set({ unknown: value })}
      />
      <Choice
        label={t('policies.action')}
        options={ACTIONS}
        value={action}
        onChange={(value) => form.set({ action: value })}
        mt={8}
      />
      {action === 'open' && (
        <NativeSelect
          size="xs"
          w={320}
          label={t('policies.type')}
          data={[
            { value: '', label: t('policies.firstType') },
            ...types.map((one) => ({ value: one.key, label: one.label })),
          ]}
          value={type ?? ''}
          error={save.error?.fieldMessage('type')}
          onChange={(event) => form.set({ type: event.currentTarget.value || null })}
        />
      )}
    </AdminForm>
  );
}

/** What each channel does with somebody whom nobody knows, and to the request when a conversation is taken up (product.md 4.4, 4.5). */
export function RequestPoliciesPage() {
  const { t } = useTranslation();
  const policies = useRequestPolicies();
  const schema = useRequestSchema();
  const one = (channel: string | null) =>
    policies.data?.find((policy) => policy.channel === channel) ?? null;
  const nameOf = (value: unknown) => {
    const known = [...UNKNOWN, ...ACTIONS].find((one) => one === value);
    return known ? t(`policies.${known}`) : '';
  };
  return (
    <AdminPage
      title={t('policies.title')}
      affects={t('policies.affects')}
      path={PATH}
      entity="request_policy"
      words={{
        unknown: { label: t('policies.unknown'), show: nameOf },
        action: { label: t('policies.action'), show: nameOf },
        type: {
          label: t('policies.type'),
          show: (key) => schema.data?.types.find((type) => type.key === key)?.label ?? String(key),
        },
      }}
      items={policies.data?.map((policy) => ({
        id: policy.channel,
        label: t(`channel.${policy.channel}`),
        note: t('policies.note', {
          unknown: nameOf(policy.unknown),
          action: nameOf(policy.action),
        }),
      }))}
      problem={policies.error}
      onRetry={() => void policies.refetch()}
      form={(channel) => {
        const policy = one(channel);
        return policy && CHANNELS.includes(policy.channel) ? (
          <PolicyForm policy={policy} schema={schema.data} />
        ) : null;
      }}
    />
  );
}
