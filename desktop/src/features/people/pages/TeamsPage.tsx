import { Button, Checkbox, NumberInput, Stack, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { AdminForm } from '../../../shared/admin/AdminForm.tsx';
import { AdminPage } from '../../../shared/admin/AdminPage.tsx';
import { useForm } from '../../../shared/admin/useForm.ts';
import { type Json, PARTS, type Part, type Team } from '../../../shared/api/types.ts';
import { duration } from '../../../shared/format/time.ts';
import { addTeam, changeTeam, removeTeam, useTeams } from '../api.ts';

const PATH = '/administration/teams';
const NEW = { name: '', wrap_up_seconds: 120, switched_off: [] as Part[] };
const FIELDS = ['name', 'wrap_up_seconds', 'switched_off'] as const;
const LONGEST_S = 3600;

function TeamForm({ team }: { team: Team | null }) {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const form = useForm(`team/${team?.id ?? '+'}`, team ?? NEW);
  const { name, wrap_up_seconds, switched_off } = form.values;
  // Taking a team away can't be undone: the button asks once more.
  const [asked, setAsked] = useState(false);
  const save = useMutation({
    mutationFn: () =>
      team ? changeTeam(team.id, form.changed) : addTeam({ name, wrap_up_seconds, switched_off }),
    onSuccess: (saved) => {
      form.reset();
      if (!team) navigate(`${PATH}/${saved.id}`);
    },
  });
  const remove = useMutation({
    mutationFn: () => removeTeam(team?.id ?? ''),
    onSuccess: () => {
      form.reset();
      navigate(PATH);
    },
  });
  return (
    <AdminForm
      form={form}
      title={team?.name ?? t('teams.new')}
      action={team ? t('admin.save') : t('teams.add')}
      busy={save.isPending}
      problem={save.error ?? remove.error}
      fields={FIELDS}
      onSave={() => save.mutate()}
      acts={
        team && (
          <Button
            variant="subtle"
            color="gray"
            leftSection={<IconTrash size={14} aria-hidden />}
            disabled={team.people > 0}
            title={team.people > 0 ? t('teams.removeEmptyOnly') : undefined}
            loading={remove.isPending}
            onClick={() => (asked ? remove.mutate() : setAsked(true))}
            onBlur={() => setAsked(false)}
          >
            {asked ? t('teams.removeAsk', { name: team.name }) : t('teams.remove')}
          </Button>
        )
      }
    >
      <TextInput
        label={t('teams.name')}
        autoFocus={!team}
        value={name}
        error={save.error?.fieldMessage('name')}
        onChange={(event) => form.set({ name: event.currentTarget.value })}
      />
      <NumberInput
        size="xs"
        label={t('teams.wrapUp')}
        description={t('teams.wrapUpHelp')}
        min={0}
        max={LONGEST_S}
        clampBehavior="strict"
        allowDecimal={false}
        allowNegative={false}
        w={240}
        value={wrap_up_seconds}
        error={save.error?.fieldMessage('wrap_up_seconds')}
        onChange={(seconds) => form.set({ wrap_up_seconds: Number(seconds) || 0 })}
      />
      <Checkbox.Group
        label={t('parts.title')}
        description={t('parts.help')}
        value={PARTS.filter((part) => !switched_off.includes(part))}
        onChange={(on) => form.set({ switched_off: PARTS.filter((part) => !on.includes(part)) })}
      >
        <Stack gap={8} mt={8}>
          {PARTS.map((part) => (
            <Checkbox key={part} value={part} label={t(`parts.${part}`)} />
          ))}
        </Stack>
      </Checkbox.Group>
    </AdminForm>
  );
}

/** The teams, and how long their people may take to wrap up a call. */
export function TeamsPage() {
  const { t } = useTranslation();
  const teams = useTeams();
  const named = (parts: Json) => {
    const off = Array.isArray(parts) ? PARTS.filter((part) => parts.includes(part)) : [];
    return off.map((part) => t(`parts.${part}`)).join(', ') || t('parts.nothingOff');
  };
  const one = (id: string | null) => teams.data?.find((team) => team.id === id) ?? null;
  return (
    <AdminPage
      title={t('teams.title')}
      affects={t('teams.affects')}
      path={PATH}
      entity="team"
      words={{
        name: { label: t('teams.name'), show: String },
        wrap_up_seconds: { label: t('teams.wrapUp'), show: (value) => duration(Number(value)) },
        switched_off: { label: t('parts.off'), show: named },
      }}
      items={teams.data?.map((team) => ({
        id: team.id,
        label: team.name,
        note: t('teams.people', { count: team.people }),
      }))}
      problem={teams.error}
      onRetry={() => void teams.refetch()}
      add={t('teams.add')}
      form={(id) => <TeamForm team={one(id)} />}
    />
  );
}
