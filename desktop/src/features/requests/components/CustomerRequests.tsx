import { monitorForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { Fragment, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { CallView, Request, Uuid } from '../../../shared/api/types.ts';
import { useCommand } from '../../../shared/keys/useCommand.ts';
import { reportProblem } from '../../../shared/ui/notices.ts';
import { ProblemNote } from '../../../shared/ui/ProblemNote.tsx';
import { beginInteraction } from '../../desk/actions.ts';
import type { Way } from '../../desk/reach.ts';
import { chooseRequest, openRequest, useCustomerRequests, useRequestSchema } from '../api.ts';
import { type Dragged, draggedOf, move, showChoice } from '../move.ts';
import { useInteractionDrop } from '../useInteractionDrop.ts';
import styles from './CustomerRequests.module.css';
import { ReplyEditor } from './ReplyEditor.tsx';
import { NewRequestDialog } from './RequestDialog.tsx';
import { RequestLine } from './RequestLine.tsx';

interface Props {
  customerId: Uuid;
  /** The call with this customer that is on the desk now. */
  call: CallView | null;
  /** The request whose interactions alone the journey shows. */
  filter: Uuid | null;
  onFilter: (request: Uuid | null) => void;
}

// What shows without unfolding: the journey below matters as much.
const SHOWN = 4;

/** The interaction that is being dragged now, anywhere. */
function useDragging(): Dragged | null {
  const [dragging, setDragging] = useState<Dragged | null>(null);
  useEffect(
    () =>
      monitorForElements({
        canMonitor: ({ source }) => draggedOf(source.data) !== null,
        onDragStart: ({ source }) => setDragging(draggedOf(source.data)),
        onDrop: () => setDragging(null),
      }),
    [],
  );
  return dragging;
}

/** Why this customer called: the requests, to open one, to say what the call is about, to drop interactions on. */
export function CustomerRequests({ customerId, call, filter, onFilter }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const requests = useCustomerRequests(customerId);
  const schema = useRequestSchema();
  const [all, setAll] = useState(false);
  // What a new request is for: the current call, an interaction that was dropped, or neither.
  const [opening, setOpening] = useState<{ interaction: Uuid | null; moving: boolean } | null>(
    null,
  );
  const open = () => setOpening({ interaction: call?.interaction_id ?? null, moving: false });
  useCommand('request.new', open);
  // The request that is edited where it stands.
  const [editing, setEditing] = useState<Uuid | null>(null);
  const dragging = useDragging();
  const target = useRef<HTMLButtonElement>(null);
  const over = useInteractionDrop(target, {
    takes: () => true,
    onDrop: (dragged) => setOpening({ interaction: dragged.id, moving: true }),
  });
  const items = requests.data?.items ?? [];
  const active = items.filter((one) => one.status === 'active');
  const first = active.slice(0, SHOWN);
  // What the conversation is about, what is edited and what the journey is narrowed to show in any case.
  const wanted = items.filter((one) => [filter, editing, call?.request?.id].includes(one.id));
  const some = [...first, ...wanted.filter((one) => !first.includes(one))];
  const shown = all ? items : some;
  const choose = (request: Request) => {
    if (!call) return;
    chooseRequest(call.interaction_id, request.id)
      .then((interaction) => showChoice(client, interaction, request.id))
      .catch(reportProblem('notice.requestNotSaved'));
  };
  const edit = (request: Request) => {
    if (editing === request.id) return setEditing(null);
    // Replying to it in a conversation says that the conversation is about it.
    if (call && call.request?.id !== request.id) choose(request);
    setEditing(request.id);
  };
  const begin = async (request: Request, way: Way) => {
    try {
      await beginInteraction(customerId, way, request.id);
      setEditing(request.id);
    } catch (error) {
      reportProblem('notice.notBegun')(error);
    }
  };
  const current = active.find((one) => one.id === call?.request?.id);
  useCommand('request.edit', () => current && setEditing(current.id), current !== undefined);
  return (
    <section className={styles.requests} aria-label={t('request.ofCustomer')}>
      <div className={styles.head}>
        <h2 className={styles.heading}>
          {t('request.heading')}
          {active.length > 0 && <span className={styles.count}>{active.length}</span>}
        </h2>
        {dragging && (
          <p className={styles.hint}>
            {dragging.standalone ? t('move.aloneMoves') : t('move.wholeMoves')}
          </p>
        )}
        <Button
          ref={target}
          variant="subtle"
          color="gray"
          size="compact-sm"
          className={styles.add ?? ''}
          data-over={over || undefined}
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={open}
        >
          {call ? t('request.newForCall', { channel: call.channel }) : t('request.new')}
        </Button>
      </div>
      {requests.error && (
        <ProblemNote problem={requests.error} onRetry={() => void requests.refetch()} />
      )}
      {requests.data && items.length === 0 && <p className={styles.none}>{t('request.none')}</p>}
      <ul className={styles.lines}>
        {shown.map((request) => (
          <Fragment key={request.id}>
            <RequestLine
              request={request}
              schema={schema.data}
              current={call?.request?.id === request.id}
              filtered={filter === request.id}
              onFilter={() => onFilter(filter === request.id ? null : request.id)}
              onChoose={
                call && request.status === 'active' && call.request?.id !== request.id
                  ? () => choose(request)
                  : null
              }
              onEdit={call && request.status === 'active' ? () => edit(request) : null}
              editing={editing === request.id}
              onReply={
                !call && request.status === 'active' ? (way) => void begin(request, way) : null
              }
              onDrop={(dragged) =>
                void move(client, dragged.id, { request_id: request.id }).catch(
                  reportProblem('notice.notMoved'),
                )
              }
            />
            {editing === request.id && request.status === 'active' && (
              <li>
                <ReplyEditor
                  request={request}
                  call={call?.request?.id === request.id ? call : null}
                  onClose={() => setEditing(null)}
                />
              </li>
            )}
          </Fragment>
        ))}
      </ul>
      {items.length > shown.length || all ? (
        <p className={styles.more}>
          <Button
            variant="subtle"
            color="gray"
            size="compact-xs"
            aria-expanded={all}
            onClick={() => setAll(!all)}
          >
            {all ? t('request.fewer') : t('request.more', { count: items.length - shown.length })}
          </Button>
          {all && requests.data && requests.data.total > items.length && (
            <Link href={`/requests?customer_id.eq=${customerId}`}>{t('request.inList')}</Link>
          )}
        </p>
      ) : null}
      <NewRequestDialog
        opened={opening !== null}
        onClose={() => setOpening(null)}
        onOpen={(request) => {
          const { interaction, moving } = opening ?? { interaction: null, moving: false };
          if (interaction && moving) return move(client, interaction, { new_request: request });
          return openRequest({
            ...request,
            customer_id: customerId,
            ...(interaction && { interaction_id: interaction }),
          });
        }}
      />
    </section>
  );
}
