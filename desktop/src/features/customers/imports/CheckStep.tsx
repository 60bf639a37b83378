import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Import, ImportCheck } from '../../../shared/api/types.ts';
import { ProblemNote } from '../../../shared/ui/ProblemNote.tsx';
import { cancelImport, startImport, useImportAct } from './api.ts';
import { Figures } from './Figures.tsx';
import { ProgressOf } from './ProgressOf.tsx';
import { RefusedLink } from './RefusedLink.tsx';
import { RefusedRows } from './RefusedRows.tsx';
import { StepTitle } from './StepTitle.tsx';
import styles from './steps.module.css';

/** What the import would do, counted row by row before anything is written. */
export function CheckStep({ one, onBack }: { one: Import; onBack(): void }) {
  const { t } = useTranslation();
  const start = useImportAct(one.id, () => startImport(one.id));
  const stop = useImportAct(one.id, () => cancelImport(one.id));
  const problem = start.error ?? stop.error;
  const { check } = one;
  if (!check) return null;
  const checking = one.state === 'checking';
  const nothing = check.created + check.updated === 0;
  return (
    <section className={styles.panel} aria-labelledby="step-title">
      <StepTitle>{t(checking ? 'import.checking' : 'import.checkTitle')}</StepTitle>
      {checking && <ProgressOf one={one} read={check.read} />}
      <Counts one={one} check={check} />
      {problem && <ProblemNote problem={problem} />}
      {!checking && nothing && <p className={styles.help}>{t('import.nothing')}</p>}
      <div className={styles.acts}>
        {checking ? (
          <Button variant="default" loading={stop.isPending} onClick={() => stop.mutate()}>
            {t('import.checkStop')}
          </Button>
        ) : (
          <>
            <Button loading={start.isPending} disabled={nothing} onClick={() => start.mutate()}>
              {t('import.start')}
            </Button>
            <Button variant="default" disabled={start.isPending} onClick={onBack}>
              {t('import.back')}
            </Button>
            <RefusedLink id={one.id} count={check.refused} />
          </>
        )}
      </div>
      {!checking && <RefusedRows one={one} count={check.refused} />}
    </section>
  );
}

function Counts({ one, check }: { one: Import; check: ImportCheck }) {
  const { t } = useTranslation();
  const notes = [{ label: t('import.rowsRead'), value: check.read }];
  if (one.key) {
    notes.push(
      { label: t('import.inBase'), value: check.in_base },
      { label: t('import.inFile'), value: check.in_file },
      { label: t('import.withoutKey'), value: check.without_key },
    );
  }
  return (
    <>
      <Figures
        of={(['created', 'updated', 'ignored', 'refused'] as const).map((name) => ({
          label: t(`import.would.${name}`),
          value: check[name],
        }))}
      />
      <Figures small of={notes} />
    </>
  );
}
