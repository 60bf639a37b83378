import { IconFolderCheck, IconFolderPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { RequestMilestone } from '../../../shared/api/types.ts';
import { RelativeTime } from '../../../shared/ui/RelativeTime.tsx';
import { reference } from '../../requests/look.ts';
import styles from './ChangeItem.module.css';

/** The opening or the closing of a request, on one line among the interactions; it leads to the request. */
export function MilestoneItem({ milestone, line }: { milestone: RequestMilestone; line: number }) {
  const { t } = useTranslation();
  const { kind, at, by_name, request } = milestone;
  const Icon = kind === 'opened' ? IconFolderPlus : IconFolderCheck;
  return (
    <p className={styles.line} data-milestone={kind}>
      <Icon size={14} aria-hidden className={styles.icon} />
      <span className={styles.when}>
        <RelativeTime at={at} />
      </span>
      <span className={styles.what}>
        {t(`milestones.${kind}`)}{' '}
        <Link href={`/requests/${request.id}`} className={styles.link ?? ''} data-line={line}>
          {reference(request.number)} <bdi>{request.title}</bdi>
        </Link>
      </span>
      <bdi className={styles.by}>{by_name || t('changes.system')}</bdi>
    </p>
  );
}
