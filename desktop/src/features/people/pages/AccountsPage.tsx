import { Autocomplete, Checkbox, NativeSelect, PasswordInput, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { AdminForm } from '../../../shared/admin/AdminForm.tsx';
import { AdminPage } from '../../../shared/admin/AdminPage.tsx';
import { useForm } from '../../../shared/admin/useForm.ts';
import type { Account, Json } from '../../../shared/api/types.ts';
import { languageName } from '../../../shared/format/time.ts';
import { LANGUAGES } from '../../../shared/i18n/i18n.ts';
import { type AccountFields, addAccount, changeAccount, useAccounts, useTeams } from '../api.ts';

const PATH = '/administration/users';
const ROLES = ['agent', 'supervisor', 'administrator'] as const;
const FIELDS = [
  'email',
  'name',
  'roles',
  'team',
  'extension',
  'language',
  'password',
  'active',
] as const;

interface Fields extends AccountFields {
  active: boolean;
}

const NEW: Fields = {
  email: '',
  name: '',
  roles: ['agent'],
  team: null,
  extension: null,
  cti_enabled: true,
  language: 'en',
  password: '',
  active: true,
};

function fieldsOf({ team, id: _id, created_at: _at, ...account }: Account): Fields {
  return { ...account, team: team?.name ?? null, password: '' };
}

function AccountForm({ account }: { account: Account | null }) {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const teams = useTeams();
  const form = useForm<Fields>(`account/${account?.id ?? '+'}`, account ? fieldsOf(account) : NEW);
  const { active: _active, ...fields } = form.values;
  const save = useMutation({
    mutationFn: () =>
      account
        ? changeAccount(account.id, form.changed)
        : addAccount({ ...fields, email: fields.email.trim() }),
    onSuccess: (saved) => {
      form.reset();
      if (!account) navigate(`${PATH}/${saved.id}`);
    },
  });
  const wrong = (field: (typeof FIELDS)[number]) => save.error?.fieldMessage(field);
  return (
    <AdminForm
      form={form}
      title={account?.name ?? t('users.new')}
      action={account ? t('admin.save') : t('users.add')}
      busy={save.isPending}
      problem={save.error}
      fields={FIELDS}
      onSave={() => save.mutate()}
    >
      <TextInput
        label={t('users.name')}
        autoFocus={!account}
        autoComplete="off"
        value={fields.name}
        error={wrong('name')}
        onChange={(event) => form.set({ name: event.currentTarget.value })}
      />
      <TextInput
        label={t('users.email')}
        type="email"
        autoComplete="off"
        readOnly={account !== null}
        {...(account && { description: t('users.emailStays') })}
        value={fields.email}
        error={wrong('email')}
        onChange={(event) => form.set({ email: event.currentTarget.value })}
      />
      <Checkbox.Group
        label={t('users.roles')}
        value={fields.roles}
        error={wrong('roles')}
        onChange={(roles) => form.set({ roles })}
      >
        {ROLES.map((role) => (
          <Checkbox
            key={role}
            mt={6}
            value={role}
            label={t(`role.${role}`)}
            description={t(`role.${role}Help`)}
          />
        ))}
      </Checkbox.Group>
      <Autocomplete
        size="xs"
        label={t('users.team')}
        description={t('users.teamHelp')}
        data={teams.data?.map((team) => team.name) ?? []}
        value={fields.team ?? ''}
        error={wrong('team')}
        onChange={(team) => form.set({ team: team.trim() === '' ? null : team })}
      />
      <TextInput
        label={t('users.extension')}
        description={t('users.extensionHelp')}
        inputMode="tel"
        w={240}
        value={fields.extension ?? ''}
        error={wrong('extension')}
        onChange={(event) => form.set({ extension: event.currentTarget.value || null })}
      />
      <Checkbox
        label={t('users.cti')}
        checked={fields.cti_enabled}
        onChange={(event) => form.set({ cti_enabled: event.currentTarget.checked })}
      />
      <NativeSelect
        size="xs"
        label={t('users.language')}
        w={240}
        data={LANGUAGES.map((value) => ({ value, label: languageName(value) }))}
        value={fields.language}
        error={wrong('language')}
        onChange={(event) => form.set({ language: event.currentTarget.value })}
      />
      <PasswordInput
        size="xs"
        label={account ? t('users.newPassword') : t('users.password')}
        description={t('users.passwordHelp')}
        autoComplete="new-password"
        visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword') }}
        value={fields.password}
        error={wrong('password')}
        onChange={(event) => form.set({ password: event.currentTarget.value })}
      />
      {account && (
        <Checkbox
          label={t('users.active')}
          error={wrong('active')}
          description={t('users.activeHelp')}
          checked={form.values.active}
          onChange={(event) => form.set({ active: event.currentTarget.checked })}
        />
      )}
    </AdminForm>
  );
}

/** The people who may sign in: what they are, their team and their telephone. */
export function AccountsPage() {
  const { t } = useTranslation();
  const accounts = useAccounts();
  const roles = (value: Json) =>
    (value as (typeof ROLES)[number][]).map((role) => t(`role.${role}`)).join(', ');
  const yesNo = (value: Json) => (value ? t('common.yes') : t('common.no'));
  const one = (id: string | null) => accounts.data?.find((account) => account.id === id) ?? null;
  return (
    <AdminPage
      title={t('users.title')}
      affects={t('users.affects')}
      path={PATH}
      entity="account"
      words={{
        name: { label: t('users.name'), show: String },
        roles: { label: t('users.roles'), show: roles },
        team: {
          label: t('users.team'),
          show: (value) => String((value as { name: string } | null)?.name ?? ''),
        },
        extension: { label: t('users.extension'), show: String },
        cti_enabled: { label: t('users.cti'), show: yesNo },
        language: { label: t('users.language'), show: (value) => languageName(String(value)) },
        active: { label: t('users.active'), show: yesNo },
      }}
      items={accounts.data?.map((account) => ({
        id: account.id,
        label: account.name,
        note: [roles(account.roles), account.team?.name, account.extension]
          .filter(Boolean)
          .join(' · '),
        off: !account.active && t('users.off'),
      }))}
      problem={accounts.error}
      onRetry={() => void accounts.refetch()}
      add={t('users.add')}
      form={(id) => <AccountForm account={one(id)} />}
    />
  );
}
