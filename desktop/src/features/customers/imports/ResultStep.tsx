import { Button } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { Import } from '../../../shared/api/types.ts';
import { ProblemNote } from '../../../shared/ui/ProblemNote.tsx';
import { startImport, undoImport, useImportAct } from './api.ts';
import { Kept } from './Kept.tsx';
import { ProgressOf } from './ProgressOf.tsx';
import { RefusedLink } from './RefusedLink.tsx';
import { StepTitle } from './StepTitle.tsx';
import styles from './steps.module.css';
import { canUndo } from './steps.ts';

const TITLES = {
  done: 'import.doneTitle',
  cancelled: 'import.cancelledTitle',
  failed: 'import.failedTitle',
  undoing: 'import.undoing',
  undone: 'import.undoneTitle',
} as const;

/** What became of the file, and the way back. */
export function ResultStep({ one }: { one: Import }) {
  const { t } = useTranslation();
  const undo = useImportAct(one.id, () => undoImport(one.id));
  const resume = useImportAct(one.id, () => startImport(one.id));
  const problem = undo.error ?? resume.error;
  const stopped = one.state === 'cancelled' || one.state === 'failed';
  const { undo: undone } = one;
  return (
    <section className={styles.panel} aria-labelledby="step-title" key={one.state}>
      <StepTitle>{t(TITLES[one.state as keyof typeof TITLES])}</StepTitle>
      {one.state === 'undoing' && undone && (
        <ProgressOf
          one={one}
          read={undone.removed + undone.restored + undone.kept}
          of={one.created + one.updated}
        />
      )}
      <p className="rd-figures">{t('import.counts', { ...one })}</p>
      {undone && (
        <p className="rd-figures" role="status">
          {t('import.undoCounts', { ...undone })}
        </p>
      )}
      {one.detail && <p className={styles.detail}>{one.detail}</p>}
      {problem && <ProblemNote problem={problem} />}
      <div className={styles.acts}>
        {stopped && !undone && (
          <Button loading={resume.isPending} onClick={() => resume.mutate()}>
            {t('import.resume')}
          </Button>
        )}
        {one.state === 'done' && (
          <Button component={Link} href={`/customers?import.eq=${one.id}`} variant="default">
            {t('import.toList')}
          </Button>
        )}
        {one.state !== 'undoing' && (
          <Button component={Link} href="/customers/import" variant="default">
            {t('import.another')}
          </Button>
        )}
        <RefusedLink id={one.id} count={one.refused} />
      </div>
      {canUndo(one) && (
        <div className={styles.undo}>
          <Button
            variant="default"
            leftSection={<IconArrowBackUp size={14} aria-hidden />}
            loading={undo.isPending}
            onClick={() => undo.mutate()}
            aria-describedby="undo-help"
          >
            {t('import.undo')}
          </Button>
          <p id="undo-help" className={styles.help}>
            {t('import.undoHelp', { ...one })}
          </p>
        </div>
      )}
      {one.state === 'undone' && undone && undone.kept > 0 && <Kept id={one.id} />}
    </section>
  );
}
