import { useTranslation } from 'react-i18next';
import type { Tombstone, Uuid } from '../../../shared/api/types.ts';
import { EmptyState } from '../../../shared/ui/EmptyState.tsx';
import { RelativeTime } from '../../../shared/ui/RelativeTime.tsx';
import { useCustomer } from '../api.ts';
import styles from './privacy.module.css';

/** What is left of a customer who was erased; null for one who was not. */
export function useErased(id: Uuid): Tombstone | null {
  return useCustomer(id).error?.erasure ?? null;
}

/** The page of an erased customer: when, by whom and why; nothing else is kept. */
export function Erased({ stone }: { stone: Tombstone }) {
  const { t } = useTranslation();
  return (
    <EmptyState level="h1" title={t('erasure.erasedTitle')} text={t('erasure.erasedText')}>
      <dl className={styles.stone}>
        <dt>{t('erasure.number')}</dt>
        <dd>{String(stone.number)}</dd>
        <dt>{t('erasure.when')}</dt>
        <dd>
          <RelativeTime at={stone.at} />
        </dd>
        <dt>{t('erasure.by')}</dt>
        <dd>
          <bdi>{stone.by_name}</bdi>
        </dd>
        <dt>{t('erasure.reason')}</dt>
        <dd>
          <bdi>{stone.reason}</bdi>
        </dd>
      </dl>
    </EmptyState>
  );
}
