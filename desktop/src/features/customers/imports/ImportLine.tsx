import { Anchor, Button, Progress } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Import } from '../../../shared/api/types.ts';
import { RelativeTime } from '../../../shared/ui/RelativeTime.tsx';
import { refusedPath } from './api.ts';
import styles from './imports.module.css';

interface Props {
  one: Import;
  onContinue(): void;
  onCancel(): void;
}

/** One import: how far it is, what became of its rows, and the refused ones to download. */
export function ImportLine({ one, onContinue, onCancel }: Props) {
  const { t } = useTranslation();
  const share = one.total_rows ? Math.min(100, (one.read / one.total_rows) * 100) : 0;
  return (
    <article className={styles.line} aria-label={one.file_name}>
      <header>
        <h3>
          <bdi>{one.file_name}</bdi>
        </h3>
        <span className={styles.state} data-state={one.state}>
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
      <p className={styles.counts} role={one.state === 'running' ? 'status' : undefined}>
        <span className="rd-figures">
          {t('import.counts', {
            read: one.read,
            created: one.created,
            refused: one.refused,
          })}
        </span>
        {one.detail && <span className={styles.detail}>{one.detail}</span>}
      </p>
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
          <Anchor href={refusedPath(one.id)} download>
            {t('import.refusedFile', { count: one.refused })}
          </Anchor>
        )}
      </div>
    </article>
  );
}
