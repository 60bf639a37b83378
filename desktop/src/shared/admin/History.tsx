import { Button } from '@mantine/core';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.ts';
import type { AuditEntry, Json, Page } from '../api/types.ts';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { RelativeTime } from '../ui/RelativeTime.tsx';
import { Waiting } from '../ui/Waiting.tsx';
import styles from './History.module.css';
import { differences } from './history.ts';

/** How a page names its fields and shows their values in the history below it; a field without words is left out. */
export type HistoryWords = Record<string, { label: string; show: (value: Json) => string }>;

// The names of a code, one for each language.
const IN_PARTS = ['labels'];

interface Props {
  entity: string;
  /** Null: of the kind as a whole. */
  id: string | null;
  words: HistoryWords;
  /** What one of the kind is called; undefined: it is not there any more. */
  nameOf: (id: string) => string | undefined;
  /** Another one means that something changed, perhaps by somebody else. */
  stamp: unknown;
}

const PAGE_SIZE = 10;

const DONE = [
  'created',
  'changed',
  'ordered',
  'hidden',
  'restored',
  'removed',
  'password_set',
] as const;

function useHistory(entity: string, id: string | null, stamp: unknown) {
  const client = useQueryClient();
  const asked = useRef(stamp);
  useEffect(() => {
    if (asked.current === stamp) return;
    asked.current = stamp;
    void client.invalidateQueries({ queryKey: ['audit', entity] });
  }, [client, entity, stamp]);
  return useInfiniteQuery({
    queryKey: ['audit', entity, id],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<AuditEntry>>('/audit', {
        query: {
          'entity.eq': entity,
          'entity_id.eq': id,
          page: pageParam,
          page_size: PAGE_SIZE,
        },
        signal,
      }),
    initialPageParam: 1,
    getNextPageParam: ({ page, total }) => (page * PAGE_SIZE < total ? page + 1 : null),
    // Nobody follows it any more: what changes from then on would be missed.
    gcTime: 0,
  });
}

interface EntryProps {
  entry: AuditEntry;
  words: HistoryWords;
  /** What it is about, where that is not said already. */
  name: string | null;
}

/** What it was called, of something that is not there any more. */
function oldName({ before, after, entity_id }: AuditEntry): string | null {
  const known = (before ?? after) as { name?: string; label?: string } | null;
  return known?.name ?? known?.label ?? entity_id;
}

function Entry({ entry, words, name }: EntryProps) {
  const { t } = useTranslation();
  const verb = entry.action.slice(entry.action.lastIndexOf('.') + 1);
  const did = DONE.find((one) => one === verb) ?? 'changed';
  const { actor } = entry;
  const said = name ? t(`admin.didTo.${did}`, { actor, name }) : t(`admin.did.${did}`, { actor });
  const shown = (field: string, value: Json | undefined) =>
    value === undefined || value === null ? '–' : words[field]?.show(value) || '–';
  return (
    <li className={styles.entry}>
      <p className={styles.head}>
        <bdi>{said}</bdi>
        <span className={styles.at}>
          <RelativeTime at={entry.at} />
        </span>
      </p>
      {differences(entry.before, entry.after, IN_PARTS)
        .filter(({ field }) => words[field])
        .map(({ field, before, after }) => (
          <p key={field} className={styles.difference}>
            <span className={styles.field}>{words[field]?.label}</span>
            <del>
              <bdi>{shown(field, before)}</bdi>
            </del>
            <span aria-hidden>→</span>
            <ins>
              <bdi>{shown(field, after)}</bdi>
            </ins>
          </p>
        ))}
    </li>
  );
}

/** Who changed it, when and how, newest first. */
export function History({ entity, id, words, nameOf, stamp }: Props) {
  const { t } = useTranslation();
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } =
    useHistory(entity, id, stamp);
  const entries = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section className={styles.history} aria-label={t('admin.history')}>
      <h2 className={styles.title}>{t('admin.history')}</h2>
      {isPending && <Waiting lines={2} label={t('admin.historyLoading')} />}
      {error && <ProblemNote problem={error} onRetry={() => void refetch()} />}
      {data && entries.length === 0 && <p className={styles.none}>{t('admin.historyNone')}</p>}
      <ol className={styles.entries}>
        {entries.map((entry) => (
          <Entry
            key={entry.id}
            entry={entry}
            words={words}
            name={
              id === null && entry.entity_id ? (nameOf(entry.entity_id) ?? oldName(entry)) : null
            }
          />
        ))}
      </ol>
      {hasNextPage && (
        <Button
          variant="subtle"
          color="gray"
          loading={isFetchingNextPage}
          onClick={() => void fetchNextPage()}
        >
          {t('admin.historyMore')}
        </Button>
      )}
    </section>
  );
}
