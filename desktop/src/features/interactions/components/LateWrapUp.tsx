import { TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Activity } from '../../../shared/api/types.ts';
import { useDesk } from '../../../shared/live/live.ts';
import { EntryForm } from '../../../shared/ui/EntryForm.tsx';
import { useUsers } from '../../people/api.ts';
import { codesFor } from '../../telephony/codes.ts';
import { CodePicker } from '../../telephony/components/CodePicker.tsx';
import { applyWrapUp, changeJourneys } from '../api.ts';
import { putActivityIn } from '../changes.ts';

interface Props {
  activity: Activity;
  channel: string;
  onDone: () => void;
}

/** An outcome given to a leg after its call; the last one applied stands (product.md 3.4). */
export function LateWrapUp({ activity, channel, onDone }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const all = useDesk((desk) => desk.wrap_up_codes);
  // The codes are those of the team of whoever handled the leg, also when a supervisor gives the outcome.
  const users = useUsers(true);
  const team = users.data?.find((one) => one.id === activity.agent_id)?.team ?? null;
  const [code, setCode] = useState<string | null>(null);
  const [note, setNote] = useState('');
  const apply = useMutation({
    mutationFn: () => applyWrapUp(activity.id, code ?? '', note),
    onSuccess: (saved) => {
      changeJourneys(client, (pages) => putActivityIn(pages, saved));
      onDone();
    },
  });
  return (
    <EntryForm
      action={t('wrapUp.apply')}
      ready={code !== null}
      busy={apply.isPending}
      problem={apply.error?.fieldMessage('note') ? null : apply.error}
      onSend={() => apply.mutate()}
      onCancel={onDone}
    >
      <CodePicker
        codes={codesFor(all, channel, team?.id ?? null)}
        value={code}
        onChange={setCode}
      />
      <TextInput
        aria-label={t('wrapUp.note')}
        placeholder={t('wrapUp.note')}
        value={note}
        error={apply.error?.fieldMessage('note')}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </EntryForm>
  );
}
