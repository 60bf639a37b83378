import { ActionIcon } from '@mantine/core';
import {
  IconArrowBackUp,
  IconFilter,
  IconFilterFilled,
  IconLink,
  IconPencil,
  IconPhoneCall,
} from '@tabler/icons-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { Request, RequestSchema } from '../../../shared/api/types.ts';
import { useTouched } from '../../../shared/live/live.ts';
import type { Way } from '../../desk/reach.ts';
import { reference } from '../look.ts';
import type { Dragged } from '../move.ts';
import { useInteractionDrop } from '../useInteractionDrop.ts';
import { ReplyMenu } from './ReplyMenu.tsx';
import { Due, PriorityMark } from './RequestFacts.tsx';
import styles from './RequestLine.module.css';

interface Props {
  request: Request;
  schema: RequestSchema | undefined;
  /** Whether the journey shows only its interactions. */
  filtered: boolean;
  onFilter: () => void;
  /** Whether the current call is about it. */
  current: boolean;
  /** Says that the current call is about it; null: no call, or it is already. */
  onChoose: (() => void) | null;
  /** Opens its editor here, for the current conversation. */
  onEdit: (() => void) | null;
  editing: boolean;
  /** Begins a conversation about it; null: there is one, or nobody writes into it any more. */
  onReply: ((way: Way) => void) | null;
  onDrop: (dragged: Dragged) => void;
}

/** One request of the customer; interactions are dropped on it. */
export function RequestLine(props: Props) {
  const {
    request,
    schema,
    filtered,
    current,
    onFilter,
    onChoose,
    onEdit,
    editing,
    onReply,
    onDrop,
  } = props;
  const { t } = useTranslation();
  const line = useRef<HTMLLIElement>(null);
  const over = useInteractionDrop(line, {
    takes: (dragged) => dragged.requestId !== request.id,
    onDrop,
  });
  const touched = useTouched(`request/${request.id}/title`);
  const name = reference(request.number);
  const type = schema?.types.find((one) => one.key === request.type)?.label;
  return (
    <li
      ref={line}
      key={touched}
      className={styles.line}
      data-over={over || undefined}
      data-closed={request.status === 'closed' || undefined}
      data-touched={touched > 0 || undefined}
    >
      <Link href={`/requests/${request.id}`} className={styles.link ?? ''}>
        <span className={styles.number}>{name}</span>
        {current && (
          <IconPhoneCall size={14} aria-label={t('request.current')} className={styles.current} />
        )}
        <bdi className={styles.title}>{request.title}</bdi>
        <span className={styles.facts}>
          {type && <bdi>{type}</bdi>}
          {request.status === 'closed' && <span>{t('request.closed')}</span>}
          <PriorityMark request={request} />
          <Due request={request} />
          {request.owner_name && <bdi>{request.owner_name}</bdi>}
        </span>
      </Link>
      {onChoose && (
        <ActionIcon
          size={24}
          aria-label={t('request.chooseThis', { name })}
          title={t('request.chooseThis', { name })}
          onClick={onChoose}
        >
          <IconLink size={15} aria-hidden />
        </ActionIcon>
      )}
      {onEdit && (
        <ActionIcon
          size={24}
          aria-label={t('reply.edit', { name })}
          title={t('reply.edit', { name })}
          aria-expanded={editing}
          onClick={onEdit}
        >
          {current ? (
            <IconPencil size={15} aria-hidden />
          ) : (
            <IconArrowBackUp size={16} aria-hidden />
          )}
        </ActionIcon>
      )}
      {onReply && <ReplyMenu request={request} label={t('reply.to', { name })} onStart={onReply} />}
      <ActionIcon
        size={24}
        aria-label={t('request.filterBy', { name })}
        title={t('request.filterBy', { name })}
        aria-pressed={filtered}
        onClick={onFilter}
      >
        {filtered ? (
          <IconFilterFilled size={15} aria-hidden />
        ) : (
          <IconFilter size={15} aria-hidden />
        )}
      </ActionIcon>
    </li>
  );
}
