import { ActionIcon, Button } from '@mantine/core';
import {
  IconArrowDownLeft,
  IconArrowsExchange,
  IconArrowUpRight,
  IconChevronDown,
  IconChevronRight,
  IconFolderSymlink,
  IconPinned,
} from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Interaction } from '../../../shared/api/types.ts';
import { duration } from '../../../shared/format/time.ts';
import { labelOf } from '../../../shared/i18n/labels.ts';
import { useDesk, useTouched } from '../../../shared/live/live.ts';
import { reportProblem } from '../../../shared/ui/notices.ts';
import { Phone } from '../../../shared/ui/Phone.tsx';
import { RelativeTime } from '../../../shared/ui/RelativeTime.tsx';
import { acceptInteraction } from '../../desk/actions.ts';
import { useLeads } from '../../people/rights.ts';
import { MoveHistory } from '../../requests/components/MoveHistory.tsx';
import { RequestChip } from '../../requests/components/RequestChip.tsx';
import { useDraggable } from '../../requests/useDraggable.ts';
import { Timer } from '../../telephony/components/Timer.tsx';
import { ACTIVITY_ICON, agentNames, CHANNEL_ICON, outcomes } from '../look.ts';
import { ActivityItem } from './ActivityItem.tsx';
import styles from './InteractionItem.module.css';
import { Recordings } from './Recordings.tsx';
import { RelinkDialog } from './RelinkDialog.tsx';

interface Props {
  interaction: Interaction;
  /** Its place among the lines, for J and K. */
  line: number;
  open: boolean;
  /** Without it there is nowhere to move it to: nobody knows whose it is. */
  onMove?: () => void;
  onToggle: (open: boolean) => void;
}

function Result({ interaction }: { interaction: Interaction }) {
  const { t } = useTranslation();
  if (interaction.state === 'in_progress') {
    return <span className={styles.live}>{t('interaction.inProgress')}</span>;
  }
  if (interaction.result === null || interaction.result === 'answered') return null;
  return <span className={styles.result}>{t(`result.${interaction.result}`)}</span>;
}

/** One activity that stands alone: what it says is all there is to tell. */
function AloneBar({ interaction }: { interaction: Interaction }) {
  const { t } = useTranslation();
  const Channel = CHANNEL_ICON[interaction.channel];
  return (
    <>
      <span className={styles.channel}>
        <Channel size={16} aria-label={t(`channel.${interaction.channel}`)} />
        <IconPinned size={14} aria-label={t('interaction.standalone')} />
      </span>
      <span className={styles.when}>
        <RelativeTime at={interaction.started_at} />
      </span>
      <bdi className={styles.alone}>{interaction.activities[0]?.text}</bdi>
      <span className={styles.outcomes}>
        {interaction.request && <RequestChip request={interaction.request} />}
        {outcomes(interaction).map((one) => (
          <bdi key={one.id} className={styles.outcome}>
            {labelOf(one)}
          </bdi>
        ))}
      </span>
    </>
  );
}

function Bar({ interaction }: { interaction: Interaction }) {
  const { t } = useTranslation();
  const Channel = CHANNEL_ICON[interaction.channel];
  const Type = ACTIVITY_ICON[interaction.type];
  const inbound = interaction.direction === 'inbound';
  const Arrow = inbound ? IconArrowDownLeft : IconArrowUpRight;
  return (
    <>
      <span className={styles.channel}>
        <Channel size={16} aria-label={t(`channel.${interaction.channel}`)} />
        <Arrow
          size={14}
          aria-label={inbound ? t('interaction.inbound') : t('interaction.outbound')}
        />
        <Type size={14} aria-label={t(`activity.${interaction.type}`)} />
      </span>
      <span className={styles.when}>
        <RelativeTime at={interaction.started_at} />
      </span>
      <bdi className={`${styles.number} rd-figures`}>
        {interaction.ani && <Phone value={interaction.ani} />}
      </bdi>
      {interaction.queue && <bdi className={styles.queue}>{interaction.queue}</bdi>}
      <bdi className={styles.agents}>{agentNames(interaction).join(', ')}</bdi>
      <span className={styles.outcomes}>
        {interaction.request && <RequestChip request={interaction.request} />}
        <Result interaction={interaction} />
        {outcomes(interaction).map((one) => (
          <bdi key={one.id} className={styles.outcome}>
            {labelOf(one)}
          </bdi>
        ))}
      </span>
      <span className={`${styles.duration} rd-figures`}>
        {interaction.state === 'in_progress' ? (
          <Timer since={interaction.started_at} />
        ) : (
          interaction.duration_s !== null && duration(interaction.duration_s)
        )}
      </span>
    </>
  );
}

/** One interaction on the time line; its bar tells the whole at a glance, its inside every part. */
export function InteractionItem({ interaction, line, open, onMove, onToggle }: Props) {
  const { t } = useTranslation();
  const [relinking, setRelinking] = useState(false);
  const touched = useTouched(`interaction/${interaction.id}`);
  const { element, dragging } = useDraggable(interaction);
  const onDesk = useDesk((desk) =>
    desk.calls.some((one) => one.interaction_id === interaction.id && one.state !== 'wrap_up'),
  );
  // Who answers for the history may step in where a colleague has the conversation.
  const leads = useLeads();
  const held = interaction.activities?.some(
    (one) => one.kind === 'agent' && one.answered_at && !one.ended_at,
  );
  const acceptable =
    interaction.state === 'in_progress' &&
    interaction.channel !== 'voice' &&
    !onDesk &&
    (leads || !held);
  const Chevron = open ? IconChevronDown : IconChevronRight;
  const id = `interaction-${interaction.id}`;
  return (
    <article
      ref={element}
      className={styles.item}
      data-interaction={interaction.id}
      data-open={open || undefined}
      data-dragging={dragging || undefined}
    >
      <button
        key={touched}
        type="button"
        data-line={line}
        data-touched={touched > 0 || undefined}
        className={styles.bar}
        aria-expanded={open}
        aria-controls={id}
        aria-keyshortcuts="M"
        onClick={() => onToggle(!open)}
      >
        <Chevron size={14} aria-hidden className={styles.chevron} />
        {interaction.standalone ? (
          <AloneBar interaction={interaction} />
        ) : (
          <Bar interaction={interaction} />
        )}
      </button>
      {open && (
        <div id={id} className={styles.inside}>
          <div className={styles.facts}>
            {interaction.ani && (
              <span>
                {t('interaction.customerNumber')} <Phone value={interaction.ani} />
              </span>
            )}
            {interaction.dnis && (
              <span>
                {t('interaction.ourNumber')} <Phone value={interaction.dnis} />
              </span>
            )}
            {acceptable && (
              <Button
                size="compact-sm"
                variant="default"
                onClick={() =>
                  void acceptInteraction(interaction.id).catch(reportProblem('notice.notAccepted'))
                }
              >
                {t('reply.accept')}
              </Button>
            )}
            {onMove && (
              <ActionIcon
                size={24}
                ml="auto"
                aria-label={t('move.act')}
                title={t('move.act')}
                onClick={onMove}
              >
                <IconFolderSymlink size={16} aria-hidden />
              </ActionIcon>
            )}
            <ActionIcon
              size={24}
              {...(!onMove && { ml: 'auto' })}
              aria-label={t('relink.act')}
              title={t('relink.act')}
              onClick={() => setRelinking(true)}
            >
              <IconArrowsExchange size={16} aria-hidden />
            </ActionIcon>
          </div>
          {interaction.state === 'ended' && !interaction.standalone && (
            <Recordings interaction={interaction} />
          )}
          <ul className={styles.activities}>
            {interaction.activities
              .filter((activity) => activity.kind !== 'wrap_up')
              .map((activity) => (
                <ActivityItem key={activity.id} activity={activity} channel={interaction.channel} />
              ))}
          </ul>
          <MoveHistory interaction={interaction} />
          <RelinkDialog
            opened={relinking}
            onClose={() => setRelinking(false)}
            interactionId={interaction.id}
          />
        </div>
      )}
    </article>
  );
}
