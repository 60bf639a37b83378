import { IconLock } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { RequestTag } from '../../../shared/api/types.ts';
import { reference } from '../look.ts';
import styles from './RequestChip.module.css';

/** What an interaction is about, in a few words. */
export function RequestChip({ request }: { request: RequestTag }) {
  const { t } = useTranslation();
  const name = reference(request.number);
  return (
    <span className={styles.chip} title={`${name} ${request.title}`}>
      {request.status === 'closed' && <IconLock size={12} aria-label={t('request.closed')} />}
      <span className={styles.number}>{name}</span>
      <bdi className={styles.title}>{request.title}</bdi>
    </span>
  );
}
