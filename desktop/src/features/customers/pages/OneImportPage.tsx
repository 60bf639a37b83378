import { IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { Import, Uuid } from '../../../shared/api/types.ts';
import { EmptyState } from '../../../shared/ui/EmptyState.tsx';
import { ProblemNote } from '../../../shared/ui/ProblemNote.tsx';
import { Waiting } from '../../../shared/ui/Waiting.tsx';
import { checkImport, useImport, useImportAct } from '../imports/api.ts';
import { CheckStep } from '../imports/CheckStep.tsx';
import styles from '../imports/imports.module.css';
import { MappingForm } from '../imports/MappingForm.tsx';
import { ResultStep } from '../imports/ResultStep.tsx';
import { RunStep } from '../imports/RunStep.tsx';
import { Steps } from '../imports/Steps.tsx';
import { stepOf } from '../imports/steps.ts';

/** One import, step by step: columns, check, run, result (product.md 1.7). */
export function OneImportPage({ id }: { id: Uuid }) {
  const { t } = useTranslation();
  const found = useImport(id);
  const missing = found.error?.status === 404 || found.error?.status === 422;
  return (
    <main className={styles.page}>
      <div className={styles.toolbar}>
        <Link href="/customers" className={styles.back ?? ''}>
          {t('section.customers')}
          <IconChevronRight size={14} aria-hidden />
        </Link>
        <Link href="/customers/import" className={styles.back ?? ''}>
          {t('list.import')}
          <IconChevronRight size={14} aria-hidden />
        </Link>
        <h1 className={styles.fileName}>
          <bdi>{found.data?.file_name ?? t('list.import')}</bdi>
        </h1>
      </div>
      <div className={styles.scrolling}>
        <div className={styles.inner}>
          {found.isPending && <Waiting lines={6} label={t('import.loading')} />}
          {missing && (
            <EmptyState title={t('import.gone')} text={t('import.goneText')}>
              <Link href="/customers/import">{t('import.all')}</Link>
            </EmptyState>
          )}
          {found.error && !missing && (
            <ProblemNote problem={found.error} onRetry={() => void found.refetch()} />
          )}
          {found.data && <Flow one={found.data} />}
        </div>
      </div>
    </main>
  );
}

function Flow({ one }: { one: Import }) {
  const [again, setAgain] = useState(false);
  const check = useImportAct(one.id, (choices: Parameters<typeof checkImport>[1]) =>
    checkImport(one.id, choices),
  );
  const step = stepOf(one, again);
  return (
    <>
      <Steps at={step} />
      {step === 'columns' && (
        <MappingForm
          found={one}
          busy={check.isPending}
          problem={check.error}
          onCheck={(choices) => check.mutate(choices, { onSuccess: () => setAgain(false) })}
        />
      )}
      {step === 'check' && <CheckStep one={one} onBack={() => setAgain(true)} />}
      {step === 'run' && <RunStep one={one} />}
      {step === 'result' && <ResultStep one={one} />}
    </>
  );
}
