import {
  draggable,
  dropTargetForElements,
} from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { PRIORITIES, type Request, type RequestSchema } from '../../../shared/api/types.ts';
import { useMinutes } from '../../../shared/format/clock.ts';
import { dayOf } from '../../../shared/format/time.ts';
import { reportProblem } from '../../../shared/ui/notices.ts';
import { editRequest, type RequestContent } from '../api.ts';
import { isOverdue, reference } from '../look.ts';
import styles from './Board.module.css';
import { Due, PriorityMark } from './RequestFacts.tsx';

export const GROUPINGS = ['owner', 'priority', 'due'] as const;
export type Grouping = (typeof GROUPINGS)[number];

interface Column {
  key: string;
  label: string;
  items: Request[];
  /** What a request becomes that is dropped here; null: nothing can be. */
  change: Partial<RequestContent> | null;
}

function useColumns(requests: readonly Request[], by: Grouping): Column[] {
  const { t } = useTranslation();
  const now = useMinutes();
  if (by === 'priority') {
    return PRIORITIES.toReversed().map((priority) => ({
      key: priority,
      label: t(`priority.${priority}`),
      items: requests.filter((one) => one.priority === priority),
      change: { priority },
    }));
  }
  if (by === 'owner') {
    const owners = new Map(requests.map((one) => [one.owner_id, one.owner_name]));
    owners.delete(null);
    const named = [...owners].sort((a, b) => (a[1] ?? '').localeCompare(b[1] ?? ''));
    return [
      [null, t('request.nobody')] as const,
      ...named.map(([id, name]) => [id, name ?? ''] as const),
    ].map(([id, label]) => ({
      key: id ?? '',
      label,
      items: requests.filter((one) => one.owner_id === id),
      change: { owner_id: id },
    }));
  }
  const day = dayOf(now);
  const week = dayOf(now + 7 * 86_400_000);
  const place = (one: Request) => {
    if (one.due_on === null) return 'none';
    if (isOverdue(one, now)) return 'overdue';
    if (one.due_on === day) return 'today';
    return one.due_on <= week ? 'week' : 'later';
  };
  return (['overdue', 'today', 'week', 'later', 'none'] as const).map((key) => ({
    key,
    label: t(`board.${key}`),
    items: requests.filter((one) => place(one) === key),
    change: key === 'today' ? { due_on: day } : key === 'none' ? { due_on: null } : null,
  }));
}

function Card({ request, type }: { request: Request; type: string | undefined }) {
  const card = useRef<HTMLLIElement>(null);
  const { id } = request;
  useEffect(() => {
    if (!card.current) return;
    return draggable({ element: card.current, getInitialData: () => ({ kind: 'request', id }) });
  }, [id]);
  return (
    <li ref={card} className={styles.card}>
      <Link href={`/requests/${id}`} className={styles.link ?? ''} draggable={false}>
        <span className={styles.top}>
          <span className={styles.dim}>{reference(request.number)}</span>
          {type && <bdi className={styles.dim}>{type}</bdi>}
        </span>
        <bdi className={styles.title}>{request.title}</bdi>
        <bdi>{request.customer_name}</bdi>
        <span className={styles.foot}>
          <PriorityMark request={request} />
          <Due request={request} />
          {request.owner_name && <bdi className={styles.owner}>{request.owner_name}</bdi>}
        </span>
      </Link>
    </li>
  );
}

function ColumnOf({
  column,
  onDrop,
  children,
}: {
  column: Column;
  onDrop: (id: string) => void;
  children: ReactNode;
}) {
  const element = useRef<HTMLElement>(null);
  const [over, setOver] = useState(false);
  const drop = useRef(onDrop);
  useEffect(() => {
    drop.current = onDrop;
  });
  const takes = column.change !== null;
  useEffect(() => {
    if (!element.current || !takes) return;
    return dropTargetForElements({
      element: element.current,
      canDrop: ({ source }) => source.data.kind === 'request',
      onDragEnter: () => setOver(true),
      onDragLeave: () => setOver(false),
      onDrop: ({ source }) => {
        setOver(false);
        drop.current(String(source.data.id));
      },
    });
  }, [takes]);
  return (
    <section
      ref={element}
      className={styles.column}
      data-over={over || undefined}
      aria-label={column.label}
    >
      <h2 className={styles.heading}>
        <bdi>{column.label}</bdi> <span className={styles.dim}>{column.items.length}</span>
      </h2>
      {children}
    </section>
  );
}

interface Props {
  requests: readonly Request[];
  schema: RequestSchema | undefined;
  by: Grouping;
}

/** Active requests in columns; dragging one to another column makes it what the column is. */
export function Board({ requests, schema, by }: Props) {
  const { t } = useTranslation();
  const columns = useColumns(requests, by);
  const change = (id: string, to: Column) => {
    const request = requests.find((one) => one.id === id);
    if (!request || !to.change || to.items.includes(request)) return;
    editRequest(request, to.change).catch(reportProblem('notice.requestNotSaved'));
  };
  return (
    <div className={styles.board}>
      {columns.map((column) => (
        <ColumnOf key={column.key} column={column} onDrop={(id) => change(id, column)}>
          {column.items.length === 0 ? (
            <p className={styles.none}>{t('board.empty')}</p>
          ) : (
            <ul className={styles.cards}>
              {column.items.map((request) => (
                <Card
                  key={request.id}
                  request={request}
                  type={schema?.types.find((one) => one.key === request.type)?.label}
                />
              ))}
            </ul>
          )}
        </ColumnOf>
      ))}
    </div>
  );
}
