import { IconAlertTriangle, IconArrowUp, IconChevronsUp, IconClock } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Request } from '../../../shared/api/types.ts';
import { useMinutes } from '../../../shared/format/clock.ts';
import { dayText, isOverdue } from '../look.ts';
import styles from './RequestFacts.module.css';

/** When it is due; overdue ones say so in a word, not by colour alone. */
export function Due({ request }: { request: Request }) {
  const { t } = useTranslation();
  const now = useMinutes();
  if (request.due_on === null) return null;
  const overdue = isOverdue(request, now);
  const Icon = overdue ? IconAlertTriangle : IconClock;
  return (
    <span className={styles.due} data-overdue={overdue || undefined}>
      <Icon size={13} aria-hidden />
      {overdue
        ? t('request.overdueSince', { day: dayText(request.due_on, now) })
        : t('request.dueOn', { day: dayText(request.due_on, now) })}
    </span>
  );
}

/** Only what is more pressing than usual needs a mark. */
export function PriorityMark({ request }: { request: Request }) {
  const { t } = useTranslation();
  if (request.priority === 'normal' || request.priority === 'low') return null;
  const Icon = request.priority === 'urgent' ? IconChevronsUp : IconArrowUp;
  return (
    <span className={styles.priority} data-priority={request.priority}>
      <Icon size={13} aria-hidden />
      {t(`priority.${request.priority}`)}
    </span>
  );
}
