import { Button } from '@mantine/core';
import { IconForms, IconMessagePlus, IconPencil, IconTag } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Activity, Channel, WrapUp } from '../../../shared/api/types.ts';
import { absoluteTime, clockTime, duration } from '../../../shared/format/time.ts';
import { labelOf } from '../../../shared/i18n/labels.ts';
import { LinkedText } from '../../../shared/ui/LinkedText.tsx';
import { fieldsOfChannel, useFieldSets } from '../fieldSets.ts';
import { ACTIVITY_ICON } from '../look.ts';
import { FieldsForm, FieldValues } from './ActivityFields.tsx';
import styles from './ActivityItem.module.css';
import { CommentForm } from './CommentForm.tsx';
import { Comments } from './Comments.tsx';
import { LateWrapUp } from './LateWrapUp.tsx';
import { TagsForm } from './TagsForm.tsx';

function Facts({ activity }: { activity: Activity }) {
  const { t } = useTranslation();
  const failure = activity.outcome === 'answered' ? null : activity.outcome;
  return (
    <p className={styles.facts}>
      <time dateTime={activity.started_at} title={absoluteTime(activity.started_at)}>
        {clockTime(activity.started_at)}
      </time>
      <span className={styles.kind}>
        {activity.call_type ? t(`callType.${activity.call_type}`) : t(`activity.${activity.kind}`)}
      </span>
      {activity.agent_name && (
        <bdi
          title={activity.agent_id ? t('activity.agentId', { id: activity.agent_id }) : undefined}
        >
          {activity.agent_name}
        </bdi>
      )}
      {activity.team_name && <bdi className={styles.dim}>{activity.team_name}</bdi>}
      {activity.extension && (
        <span className={styles.dim}>
          {t('activity.extension', { extension: activity.extension })}
        </span>
      )}
      {activity.duration_s !== null && !failure && <span>{duration(activity.duration_s)}</span>}
      {failure && <span className={styles.outcome}>{t(`outcome.${failure}`)}</span>}
    </p>
  );
}

function WrapUpLine({ wrapUp }: { wrapUp: WrapUp }) {
  const { t } = useTranslation();
  return (
    <div className={styles.wrapUp}>
      <IconPencil size={14} aria-hidden className={styles.dim} />
      <div>
        <span className={styles.dim}>{t('wrapUp.title')}</span> <bdi>{labelOf(wrapUp)}</bdi>
        {wrapUp.inherited && <span className={styles.dim}> {t('wrapUp.inherited')}</span>}
        {wrapUp.by_name && <bdi className={styles.by}>{wrapUp.by_name}</bdi>}
        {wrapUp.note && <LinkedText text={wrapUp.note} />}
      </div>
    </div>
  );
}

/** One part of an interaction: an IVR run, an agent's leg, a message; with what was said about it. */
export function ActivityItem({ activity, channel }: { activity: Activity; channel: Channel }) {
  const { t } = useTranslation();
  const [writing, setWriting] = useState<'comment' | 'tags' | 'fields' | 'wrapUp' | null>(null);
  const [field, setField] = useState<string | null>(null);
  const sets = useFieldSets();
  const fields = fieldsOfChannel(sets.data, activity.media_type ?? channel);
  const edit = (key: string | null) => {
    setField(key);
    setWriting('fields');
  };
  const Icon = ACTIVITY_ICON[activity.kind];
  const isLeg = activity.kind === 'agent';
  return (
    <li className={styles.activity}>
      <Icon size={16} aria-label={t(`activity.${activity.kind}`)} className={styles.icon} />
      <div className={styles.body}>
        <div className={styles.head}>
          <Facts activity={activity} />
          <span className={styles.acts}>
            <Button
              variant="subtle"
              color="gray"
              px={6}
              leftSection={<IconMessagePlus size={14} aria-hidden />}
              onClick={() => setWriting('comment')}
            >
              {t('comment.add')}
            </Button>
            <Button
              variant="subtle"
              color="gray"
              px={6}
              leftSection={<IconTag size={14} aria-hidden />}
              onClick={() => setWriting('tags')}
            >
              {t('tags.title')}
            </Button>
            {fields.length > 0 && (
              <Button
                variant="subtle"
                color="gray"
                px={6}
                leftSection={<IconForms size={14} aria-hidden />}
                onClick={() => edit(null)}
              >
                {t('fieldSets.edit')}
              </Button>
            )}
            {isLeg && activity.ended_at && (
              <Button
                variant="subtle"
                color="gray"
                px={6}
                leftSection={<IconPencil size={14} aria-hidden />}
                onClick={() => setWriting('wrapUp')}
              >
                {t('wrapUp.title')}
              </Button>
            )}
          </span>
        </div>
        {activity.text && <LinkedText text={activity.text} />}
        {activity.wrap_ups.map((wrapUp) => (
          <WrapUpLine key={wrapUp.id} wrapUp={wrapUp} />
        ))}
        {activity.tags.length > 0 && (
          <p className={styles.tags}>
            {activity.tags.map((tag) => (
              <bdi key={tag} className={styles.tag}>
                {tag}
              </bdi>
            ))}
          </p>
        )}
        {writing === 'fields' ? (
          <FieldsForm
            activity={activity}
            fields={fields}
            focus={field}
            onDone={() => setWriting(null)}
          />
        ) : (
          <FieldValues activity={activity} fields={fields} onEdit={edit} />
        )}
        <Comments activityId={activity.id} comments={activity.comments} />
        {writing === 'comment' && (
          <CommentForm activityId={activity.id} onDone={() => setWriting(null)} />
        )}
        {writing === 'tags' && <TagsForm activity={activity} onDone={() => setWriting(null)} />}
        {writing === 'wrapUp' && (
          <LateWrapUp activity={activity} channel={channel} onDone={() => setWriting(null)} />
        )}
      </div>
    </li>
  );
}
