import { Tooltip } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { clockTime } from '../../../shared/format/time.ts';
import { useConnection } from '../../../shared/live/live.ts';
import styles from './ConnectionDot.module.css';

function useIsLost(): boolean {
  const { status, currentAt } = useConnection();
  return status !== 'live' && currentAt > 0;
}

/** The state of the event stream as a quiet dot. */
export function ConnectionDot() {
  const { t } = useTranslation();
  const { status } = useConnection();
  const lost = useIsLost();
  const label =
    status === 'live'
      ? t('connection.live')
      : lost
        ? t('connection.broken')
        : t('connection.connecting');
  return (
    <Tooltip label={label}>
      <span
        className={styles.dot}
        data-status={lost ? 'lost' : status}
        role="img"
        aria-label={label}
      />
    </Tooltip>
  );
}

/** While the stream is lost: how old what is shown may be, and why nothing can be saved. */
export function ConnectionLost() {
  const { t } = useTranslation();
  const { currentAt } = useConnection();
  const lost = useIsLost();
  return (
    <div role="status">
      {lost && (
        <p className={styles.lost}>
          <IconAlertTriangle size={16} aria-hidden />
          <strong>{t('connection.lost', { time: clockTime(currentAt) })}</strong>
          {t('connection.lostHelp')}
        </p>
      )}
    </div>
  );
}
