import { Button, CloseButton, Progress } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { BulkEdit, Json } from '../../../shared/api/types.ts';
import { useMinutes } from '../../../shared/format/clock.ts';
import { useDesk } from '../../../shared/live/live.ts';
import { rememberLater } from '../../../shared/preferences.ts';
import { Dialog } from '../../../shared/ui/Dialog.tsx';
import { reportProblem } from '../../../shared/ui/notices.ts';
import { ProblemNote } from '../../../shared/ui/ProblemNote.tsx';
import { Waiting } from '../../../shared/ui/Waiting.tsx';
import { openCustomer } from '../../desk/actions.ts';
import { customerPath } from '../../desk/selection.ts';
import styles from './bulk.module.css';
import { actOnBulkEdit, keptByUndo, shownBulkEdits, useBulkEdits } from './bulk.ts';

type Shown = Exclude<BulkEdit['state'], 'prepared' | 'undone'>;
// The last bulk edit whose result the person has put away, on whatever machine.
const DISMISSED = 'bulk.dismissed';
const FAILED = reportProblem('notice.bulkEditFailed');

/** What the undo left as somebody had changed it since. */
function Kept({ edit, onClose }: { edit: BulkEdit; onClose(): void }) {
  const { t } = useTranslation();
  const kept = useQuery({
    queryKey: ['bulk-edit-kept', edit.id],
    queryFn: () => keptByUndo(edit.id),
  });
  return (
    <Dialog opened onClose={onClose} title={t('bulk.kept', { count: edit.kept })} size={520}>
      <p className={styles.help}>{t('bulk.keptHelp')}</p>
      {kept.error && <ProblemNote problem={kept.error} onRetry={() => void kept.refetch()} />}
      {kept.isPending && <Waiting lines={4} label={t('list.loading')} />}
      <ul className={styles.kept}>
        {kept.data?.items.map((one) => (
          <li key={one.customer_id}>
            <Link
              href={customerPath(one.customer_id)}
              onClick={() =>
                void openCustomer(one.customer_id).catch(reportProblem('notice.notOpened'))
              }
            >
              <bdi>{one.display_name}</bdi>
            </Link>
            <span className={styles.help}>{t('customer.number', { number: one.number })}</span>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

function Line({ edit, onDismiss }: { edit: BulkEdit; onDismiss(): void }) {
  const { t } = useTranslation();
  const [showsKept, setShowsKept] = useState(false);
  const busy = edit.state === 'running' || edit.state === 'undoing';
  const done = edit.state === 'undoing' ? edit.undone + edit.kept : edit.done;
  const of = edit.state === 'undoing' ? edit.changed : edit.total;
  const act = (what: 'start' | 'cancel' | 'undo') => () =>
    void actOnBulkEdit(edit.id, what).catch(FAILED);
  return (
    <section className={styles.line} aria-label={t('bulk.title')}>
      <span role="status">
        {edit.state === 'undone'
          ? t('bulk.undone', { count: edit.undone })
          : t(`bulk.state.${edit.state as Shown}`, { done, total: of })}
        {!busy && edit.state !== 'undone' && (
          <span className={styles.counts}>
            {t('bulk.counts', {
              changed: edit.changed,
              unchanged: edit.unchanged,
              gone: edit.gone + edit.refused,
            })}
          </span>
        )}
      </span>
      {busy && (
        <Progress
          className={styles.progress ?? ''}
          value={of ? (100 * done) / of : 0}
          aria-label={t('bulk.progress')}
        />
      )}
      {edit.detail && <span className={styles.help}>{edit.detail}</span>}
      <span className={styles.acts}>
        {edit.state === 'running' && (
          <Button variant="default" size="compact-xs" onClick={act('cancel')}>
            {t('bulk.stop')}
          </Button>
        )}
        {edit.state === 'cancelled' && (
          <Button variant="default" size="compact-xs" onClick={act('start')}>
            {t('bulk.goOn')}
          </Button>
        )}
        {(edit.state === 'done' || edit.state === 'cancelled') && edit.changed > 0 && (
          <Button variant="default" size="compact-xs" onClick={act('undo')}>
            {t('bulk.undo')}
          </Button>
        )}
        {edit.state === 'undone' && edit.kept > 0 && (
          <Button variant="default" size="compact-xs" onClick={() => setShowsKept(true)}>
            {t('bulk.showKept', { count: edit.kept })}
          </Button>
        )}
        {!busy && <CloseButton size="sm" aria-label={t('common.dismiss')} onClick={onDismiss} />}
      </span>
      {showsKept && <Kept edit={edit} onClose={() => setShowsKept(false)} />}
    </section>
  );
}

/** The bulk edits that run, and one's own last one with its result and its undo, for a day or until it is dismissed. */
export function BulkEdits() {
  const me = useDesk((desk) => desk.user.id);
  const stored = useDesk((desk) => desk.user.preferences[DISMISSED]);
  const [dismissed, setDismissed] = useState<Json>(null);
  const now = useMinutes();
  const edits = shownBulkEdits(useBulkEdits().data ?? [], {
    me,
    now,
    dismissed: dismissed ?? stored ?? null,
  });
  const dismiss = (id: string) => {
    setDismissed(id);
    rememberLater(DISMISSED, id);
  };
  return edits.map((edit) => <Line key={edit.id} edit={edit} onDismiss={() => dismiss(edit.id)} />);
}
