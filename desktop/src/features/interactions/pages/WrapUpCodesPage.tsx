import { Checkbox, MultiSelect, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { AdminForm } from '../../../shared/admin/AdminForm.tsx';
import { AdminPage } from '../../../shared/admin/AdminPage.tsx';
import { useForm } from '../../../shared/admin/useForm.ts';
import { useOrder } from '../../../shared/admin/useOrder.ts';
import { CHANNELS, type Channel, type Json, type WrapUpCode } from '../../../shared/api/types.ts';
import { languageName } from '../../../shared/format/time.ts';
import { LANGUAGES } from '../../../shared/i18n/i18n.ts';
import { labelOf } from '../../../shared/i18n/labels.ts';
import { useDesk } from '../../../shared/live/live.ts';
import { useTeams } from '../../people/api.ts';
import { addCode, changeCode, orderCodes } from '../api.ts';

const PATH = '/administration/wrap-up-codes';
const NEW = { code: '', labels: {}, channels: [], teams: [], active: true, uses: 0 };
const FIELDS = ['code', 'labels', 'channels', 'teams'] as const;

/** A code made of a name, as a proposal. */
function codeOf(name: string): string {
  const plain = name.normalize('NFKD').toLowerCase().replace(/\p{M}/gu, '');
  return plain
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[_0-9]+|_+$/g, '')
    .slice(0, 40);
}

function CodeForm({ code }: { code: WrapUpCode | null }) {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const teams = useTeams();
  const form = useForm<WrapUpCode>(`wrap_up_code/${code?.code ?? '+'}`, code ?? NEW);
  const { labels, channels, active } = form.values;
  const proposed = form.values.code || codeOf(labels.en ?? Object.values(labels)[0] ?? '');
  const save = useMutation({
    mutationFn: () => {
      if (code) return changeCode(code.code, form.changed);
      return addCode({ code: proposed, labels, channels, teams: form.values.teams });
    },
    onSuccess: (saved) => {
      form.reset();
      if (!code) navigate(`${PATH}/${saved.code}`);
    },
  });
  const setLabel = (language: string, text: string) => {
    const { [language]: _before, ...others } = labels;
    form.set({ labels: text === '' ? others : { ...others, [language]: text } });
  };
  return (
    <AdminForm
      form={form}
      title={code ? labelOf(code) : t('codes.new')}
      action={code ? t('admin.save') : t('codes.add')}
      busy={save.isPending}
      problem={save.error}
      fields={FIELDS}
      onSave={() => save.mutate()}
    >
      {LANGUAGES.map((language) => (
        <TextInput
          key={language}
          label={t('codes.nameIn', { language: languageName(language) })}
          lang={language}
          autoFocus={!code && language === LANGUAGES[0]}
          value={labels[language] ?? ''}
          error={
            save.error?.fieldMessage(`labels.${language}`) ??
            (language === LANGUAGES[0] ? save.error?.fieldMessage('labels') : null)
          }
          onChange={(event) => setLabel(language, event.currentTarget.value)}
        />
      ))}
      <TextInput
        label={t('codes.code')}
        description={code ? t('codes.codeStays') : t('codes.codeHelp')}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        readOnly={code !== null}
        placeholder={proposed}
        value={form.values.code}
        error={save.error?.fieldMessage('code')}
        onChange={(event) => form.set({ code: event.currentTarget.value })}
      />
      <MultiSelect
        size="xs"
        label={t('codes.channels')}
        placeholder={channels.length === 0 ? t('codes.allChannels') : ''}
        data={CHANNELS.map((value) => ({ value, label: t(`channel.${value}`) }))}
        value={channels}
        error={save.error?.fieldMessage('channels')}
        onChange={(chosen) => form.set({ channels: chosen as Channel[] })}
      />
      <MultiSelect
        size="xs"
        label={t('codes.teams')}
        placeholder={form.values.teams.length === 0 ? t('codes.allTeams') : ''}
        data={teams.data?.map((team) => ({ value: team.id, label: team.name })) ?? []}
        searchable
        value={form.values.teams}
        error={save.error?.fieldMessage('teams')}
        onChange={(chosen) => form.set({ teams: chosen })}
      />
      {code && (
        <Checkbox
          label={t('codes.active')}
          description={t('codes.activeHelp')}
          checked={active}
          onChange={(event) => form.set({ active: event.currentTarget.checked })}
        />
      )}
    </AdminForm>
  );
}

/** The outcomes that agents choose from, per team and channel (product.md 3.4). */
export function WrapUpCodesPage() {
  const { t } = useTranslation();
  const teams = useTeams();
  const codes = useDesk((desk) => desk.wrap_up_codes);
  const inUse = codes.filter((one) => one.active);
  const others = codes.filter((one) => !one.active);
  const { items: ordered = [], order } = useOrder(
    inUse,
    (one) => one.code,
    (ids) => orderCodes([...ids, ...others.map((one) => one.code)]),
  );
  const teamNames = (value: Json) =>
    (value as string[])
      .map((id) => teams.data?.find((team) => team.id === id)?.name ?? id)
      .join(', ');
  const channelNames = (value: Json) =>
    (value as Channel[]).map((channel) => t(`channel.${channel}`)).join(', ');
  const scope = (one: WrapUpCode) =>
    [
      one.teams.length > 0 ? teamNames(one.teams) : t('codes.allTeams'),
      one.channels.length > 0 ? channelNames(one.channels) : t('codes.allChannels'),
    ].join(' · ');
  return (
    <AdminPage
      title={t('codes.title')}
      affects={t('codes.affects')}
      path={PATH}
      entity="wrap_up_code"
      words={{
        ...Object.fromEntries(
          LANGUAGES.map((language) => [
            language,
            { label: t('codes.nameIn', { language: languageName(language) }), show: String },
          ]),
        ),
        channels: {
          label: t('codes.channels'),
          show: (value) => channelNames(value) || t('codes.allChannels'),
        },
        teams: {
          label: t('codes.teams'),
          show: (value) => teamNames(value) || t('codes.allTeams'),
        },
        active: {
          label: t('codes.active'),
          show: (value) => (value ? t('common.yes') : t('common.no')),
        },
      }}
      items={[...ordered, ...others].map((one) => ({
        id: one.code,
        label: labelOf(one),
        note: scope(one),
        off: !one.active && t('codes.notInUse'),
      }))}
      add={t('codes.add')}
      onOrder={order}
      form={(id) => <CodeForm code={codes.find((one) => one.code === id) ?? null} />}
    />
  );
}
