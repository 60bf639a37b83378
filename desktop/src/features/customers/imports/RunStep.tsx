import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Import } from '../../../shared/api/types.ts';
import { ProblemNote } from '../../../shared/ui/ProblemNote.tsx';
import { cancelImport, useImportAct } from './api.ts';
import { ProgressOf } from './ProgressOf.tsx';
import { StepTitle } from './StepTitle.tsx';
import styles from './steps.module.css';

/** The import while it writes. */
export function RunStep({ one }: { one: Import }) {
  const { t } = useTranslation();
  const stop = useImportAct(one.id, () => cancelImport(one.id));
  return (
    <section className={styles.panel} aria-labelledby="step-title">
      <StepTitle>{t('import.runTitle')}</StepTitle>
      <p className={styles.help}>{t('import.runHelp')}</p>
      <ProgressOf one={one} read={one.read} />
      <p className="rd-figures" role="status">
        {t('import.counts', { ...one })}
      </p>
      {stop.error && <ProblemNote problem={stop.error} />}
      <div className={styles.acts}>
        <Button variant="default" loading={stop.isPending} onClick={() => stop.mutate()}>
          {t('import.stop')}
        </Button>
      </div>
    </section>
  );
}
