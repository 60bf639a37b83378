import { Button } from '@mantine/core';
import { IconArrowMerge } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import type { DuplicatePair } from '../../../shared/api/types.ts';
import { useCommand } from '../../../shared/keys/useCommand.ts';
import { useOnline } from '../../../shared/live/live.ts';
import { EmptyState } from '../../../shared/ui/EmptyState.tsx';
import { ProblemNote } from '../../../shared/ui/ProblemNote.tsx';
import { Waiting } from '../../../shared/ui/Waiting.tsx';
import { dismissPair, useDuplicateQueue } from './api.ts';
import styles from './merging.module.css';
import { mergePath } from './paths.ts';
import { Reasons } from './Reasons.tsx';
import { Score } from './Score.tsx';
import { WhoLine } from './WhoLine.tsx';

/** One pair; Enter compares it, N says that they are two. */
function PairLine({ pair }: { pair: DuplicatePair }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const online = useOnline();
  const [, navigate] = useLocation();
  const { first, second } = pair;
  const names = { first: first.display_name, second: second.display_name };
  const compare = () => navigate(mergePath(first.id, second.id, 'queue'));
  const dismiss = () => void dismissPair(client, first, second);
  return (
    <li
      className={styles.pair}
      data-pair
      // biome-ignore lint/a11y/noNoninteractiveTabindex: one walks the queue with J and K
      tabIndex={0}
      aria-label={t('duplicates.pair', names)}
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget || event.ctrlKey || event.altKey) return;
        if (event.key === 'Enter') compare();
        else if (event.key === 'n' && online) dismiss();
        else return;
        event.preventDefault();
      }}
    >
      <Score score={pair.score} />
      <div className={styles.pairCards}>
        <WhoLine customer={first} />
        <WhoLine customer={second} />
      </div>
      <Reasons reasons={pair.reasons} />
      <div className={styles.acts}>
        <Button
          size="compact-sm"
          leftSection={<IconArrowMerge size={14} aria-hidden />}
          aria-label={t('duplicates.compareThese', names)}
          onClick={compare}
        >
          {t('duplicates.compare')}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          disabled={!online}
          aria-label={t('duplicates.notThese', names)}
          onClick={dismiss}
        >
          {t('duplicates.not')}
        </Button>
      </div>
    </li>
  );
}

/** Probable duplicates over the whole base, the surest first (product.md 1.8). */
export function DuplicatesPage() {
  const { t } = useTranslation();
  const queue = useDuplicateQueue();
  const list = useRef<HTMLUListElement>(null);
  const pages = queue.data?.pages ?? [];
  const pairs = pages.flatMap((page) => page.items);
  const [first] = pages;
  const step = (by: 1 | -1) => {
    const lines = [...(list.current?.querySelectorAll<HTMLElement>('[data-pair]') ?? [])];
    const at = lines.findIndex((line) => line.contains(document.activeElement));
    lines[at === -1 ? 0 : Math.min(lines.length - 1, Math.max(0, at + by))]?.focus();
  };
  useCommand('list.next', () => step(1));
  useCommand('list.previous', () => step(-1));
  return (
    <main className={styles.page}>
      <div className={styles.toolbar}>
        <h1>{t('duplicates.queueTitle')}</h1>
        <p className={styles.dim}>
          {first && t('duplicates.total', { count: first.total })}
          {first && first.waiting > 0 && ` · ${t('duplicates.waiting', { count: first.waiting })}`}
        </p>
        <span className={styles.spacer} />
        <Button component={Link} href="/customers" variant="default">
          {t('duplicates.back')}
        </Button>
      </div>
      <div className={styles.body}>
        {queue.error && <ProblemNote problem={queue.error} onRetry={() => void queue.refetch()} />}
        {queue.isPending && <Waiting lines={8} label={t('duplicates.loading')} />}
        {queue.isSuccess && pairs.length === 0 && (
          <EmptyState title={t('duplicates.queueEmpty')} text={t('duplicates.queueEmptyText')} />
        )}
        {pairs.length > 0 && (
          <ul ref={list} className={styles.pairs} aria-label={t('duplicates.queueTitle')}>
            {pairs.map((pair) => (
              <PairLine key={`${pair.first.id} ${pair.second.id}`} pair={pair} />
            ))}
          </ul>
        )}
        {queue.hasNextPage && (
          <Button
            variant="default"
            m={16}
            loading={queue.isFetchingNextPage}
            onClick={() => void queue.fetchNextPage()}
          >
            {t('duplicates.more')}
          </Button>
        )}
      </div>
    </main>
  );
}
