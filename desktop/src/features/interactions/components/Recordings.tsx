import { ActionIcon, Button, FileButton } from '@mantine/core';
import { IconMicrophone, IconTrash, IconUpload } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Interaction, Recording } from '../../../shared/api/types.ts';
import { clockTime } from '../../../shared/format/time.ts';
import { ProblemNote } from '../../../shared/ui/ProblemNote.tsx';
import { useLeads } from '../../people/rights.ts';
import { removeRecording, uploadRecording, useMayListen, useRecordings } from '../recordings.ts';
import { Player } from './Player.tsx';
import styles from './Recordings.module.css';

const TYPES = '.wav,.mp3,.ogg,.oga,.opus,.m4a,audio/*';

function Row({ recording, interaction }: { recording: Recording; interaction: Interaction }) {
  const { t } = useTranslation();
  const leads = useLeads();
  const [asking, setAsking] = useState(false);
  const remove = useMutation({ mutationFn: () => removeRecording(recording) });
  const leg = interaction.activities.find((one) => one.id === recording.activity_id);
  const name =
    recording.kind === 'file'
      ? recording.name
      : leg?.agent_name
        ? t('recording.ofLeg', { agent: leg.agent_name, time: clockTime(leg.started_at) })
        : t('recording.ofCall');
  return (
    <li className={styles.row}>
      <Player recording={recording} name={name} />
      <bdi className={styles.name} title={name}>
        {name}
      </bdi>
      {leads && recording.kind === 'file' && !asking && (
        <ActionIcon
          size={24}
          aria-label={t('recording.remove', { name })}
          onClick={() => setAsking(true)}
        >
          <IconTrash size={14} aria-hidden />
        </ActionIcon>
      )}
      {asking && (
        <span className={styles.asking} role="alert">
          {t('recording.removeAsk')}
          <Button
            size="compact-xs"
            color="red"
            variant="light"
            loading={remove.isPending}
            onClick={() => remove.mutate()}
          >
            {t('recording.removeYes')}
          </Button>
          <Button size="compact-xs" variant="subtle" color="gray" onClick={() => setAsking(false)}>
            {t('common.cancel')}
          </Button>
        </span>
      )}
      {remove.error && <ProblemNote problem={remove.error} />}
    </li>
  );
}

/** What was recorded of an interaction, for those who may listen; leads add and remove files. */
export function Recordings({ interaction }: { interaction: Interaction }) {
  const { t } = useTranslation();
  const leads = useLeads();
  const mayListen = useMayListen(interaction);
  const recordings = useRecordings(interaction);
  const upload = useMutation({ mutationFn: (file: File) => uploadRecording(interaction.id, file) });
  const items = recordings.data ?? [];
  if (!mayListen || (items.length === 0 && !leads && !recordings.error)) return null;
  return (
    <section className={styles.recordings} aria-label={t('recording.title')}>
      <ul className={styles.rows}>
        {items.map((one) => (
          <Row key={one.id} recording={one} interaction={interaction} />
        ))}
      </ul>
      {recordings.error && (
        <ProblemNote problem={recordings.error} onRetry={() => void recordings.refetch()} />
      )}
      {leads && interaction.state === 'ended' && (
        <FileButton accept={TYPES} onChange={(file) => file && upload.mutate(file)}>
          {(button) => (
            <Button
              {...button}
              variant="subtle"
              color="gray"
              size="compact-xs"
              leftSection={
                items.length === 0 ? (
                  <IconMicrophone size={14} aria-hidden />
                ) : (
                  <IconUpload size={14} aria-hidden />
                )
              }
              loading={upload.isPending}
            >
              {t('recording.upload')}
            </Button>
          )}
        </FileButton>
      )}
      {upload.error && <ProblemNote problem={upload.error} />}
    </section>
  );
}
