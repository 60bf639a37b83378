import { Button } from '@mantine/core';
import {
  IconAlertTriangle,
  IconArrowBackUp,
  IconCircleCheck,
  IconCircleDashed,
  IconListCheck,
  IconLoader2,
  IconPlayerStop,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { Import } from '../../../shared/api/types.ts';
import { RelativeTime } from '../../../shared/ui/RelativeTime.tsx';
import styles from './imports.module.css';
import { ProgressOf } from './ProgressOf.tsx';

const STATE_ICONS = {
  uploaded: IconCircleDashed,
  checking: IconLoader2,
  checked: IconListCheck,
  running: IconLoader2,
  done: IconCircleCheck,
  cancelled: IconPlayerStop,
  failed: IconAlertTriangle,
  undoing: IconLoader2,
  undone: IconArrowBackUp,
} as const satisfies Record<Import['state'], unknown>;
const UNREAD: ReadonlySet<string> = new Set(['uploaded', 'checking', 'checked']);

/** One import of the history: how far it is and what became of its rows. */
export function ImportLine({ one }: { one: Import }) {
  const { t } = useTranslation();
  const Icon = STATE_ICONS[one.state];
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
        <Button
          component={Link}
          href={`/customers/import/${one.id}`}
          variant="default"
          size="compact-sm"
          aria-label={`${t(UNREAD.has(one.state) ? 'import.continue' : 'import.open')}: ${one.file_name}`}
        >
          {t(UNREAD.has(one.state) ? 'import.continue' : 'import.open')}
        </Button>
      </header>
      {one.state === 'running' && <ProgressOf one={one} read={one.read} />}
      {!UNREAD.has(one.state) && (
        <p className={`rd-figures ${styles.counts ?? ''}`}>{t('import.counts', { ...one })}</p>
      )}
      {one.detail && <p className={styles.detail}>{one.detail}</p>}
    </article>
  );
}
