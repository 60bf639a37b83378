import { Tooltip } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { clockTime } from '../../../shared/format/time.ts';
import { useConnection } from '../../../shared/live/live.ts';
import styles from './ConnectionDot.module.css';

/** The state of the event stream: a quiet dot while live, words and a time when it is lost. */
export function ConnectionDot() {
  const { t } = useTranslation();
  const { status, currentAt } = useConnection();
  if (status === 'live') {
    return (
      <Tooltip label={t('connection.live')}>
        <span className={styles.live} role="img" aria-label={t('connection.live')} />
      </Tooltip>
    );
  }
  if (status === 'connecting' && currentAt === 0) {
    return <span className={styles.waiting} role="img" aria-label={t('connection.connecting')} />;
  }
  return (
    <span className={styles.lost} role="status">
      <IconAlertTriangle size={14} aria-hidden />
      <span>
        {t('connection.lost', { time: clockTime(currentAt) })}
        <span className={styles.more}> {t('connection.lostHelp')}</span>
      </span>
    </span>
  );
}
