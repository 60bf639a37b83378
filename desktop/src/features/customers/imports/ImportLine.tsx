import { Button, Progress } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconDownload,
  IconLoader2,
  IconPlayerStop,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Import } from '../../../shared/api/types.ts';
import { RelativeTime } from '../../../shared/ui/RelativeTime.tsx';
import { refusedPath } from './api.ts';
import styles from './imports.module.css';

const STATE_ICONS = {
  uploaded: IconCircleDashed,
  running: IconLoader2,
  done: IconCircleCheck,
  cancelled: IconPlayerStop,
  failed: IconAlertTriangle,
} as const satisfies Record<Import['state'], unknown>;

interface Props {
  one: Import;
  onContinue(): void;
  onCancel(): void;
}

/** One import: how far it is, what became of its rows, and the refused ones to download. */
export function ImportLine({ one, onContinue, onCancel }: Props) {
  const { t } = useTranslation();
  const share = one.total_rows ? Math.min(100, (one.read / one.total_rows) * 100) : 0;
  const Icon = STATE_ICONS[one.state];
  const known = one.state !== 'uploaded';
  return (
    <article className={styles.line} aria-label={one.file_name}>
      <header>
        <h3>
          <bdi>{one.file_name}</bdi>
        </h3>
        <span className={styles.state} data-state={one.state}>
          <Icon size={14} aria-hidden />
          {t(`import.state.${one.state}`)}
        </span>
        <span className={styles.who}>
          <bdi>{one.user_name}</bdi> <RelativeTime at={one.created_at} />
        </span>
      </header>
      {one.state === 'running' && (
        <Progress
          value={share}
          aria-label={t('import.progress', { file: one.file_name })}
          size="sm"
        />
      )}
      {known && (
        <p
          className={`rd-figures ${styles.counts ?? ''}`}
          role={one.state === 'running' ? 'status' : undefined}
        >
          {t('import.counts', {
            read: one.read,
            created: one.created,
            ignored: one.ignored,
            refused: one.refused,
          })}
        </p>
      )}
      {one.detail && <p className={styles.detail}>{one.detail}</p>}
      <div className={styles.actions}>
        {one.state === 'uploaded' && (
          <Button variant="default" onClick={onContinue}>
            {t('import.continue')}
          </Button>
        )}
        {one.state === 'running' && (
          <Button variant="default" onClick={onCancel}>
            {t('import.stop')}
          </Button>
        )}
        {one.refused > 0 && one.state !== 'running' && (
          <Button
            component="a"
            href={refusedPath(one.id)}
            download
            variant="default"
            leftSection={<IconDownload size={14} aria-hidden />}
          >
            {t('import.refusedFile', { count: one.refused })}
          </Button>
        )}
      </div>
    </article>
  );
}
