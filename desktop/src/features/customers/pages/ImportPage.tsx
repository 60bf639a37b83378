import { Button, FileButton } from '@mantine/core';
import { IconChevronRight, IconFileUpload } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import type { Import } from '../../../shared/api/types.ts';
import { EmptyState } from '../../../shared/ui/EmptyState.tsx';
import { ProblemNote } from '../../../shared/ui/ProblemNote.tsx';
import { Waiting } from '../../../shared/ui/Waiting.tsx';
import { uploadFile, useImports } from '../imports/api.ts';
import { ImportLine } from '../imports/ImportLine.tsx';
import styles from '../imports/imports.module.css';
import { Steps } from '../imports/Steps.tsx';

function Upload({ busy, onFile }: { busy: boolean; onFile(file: File): void }) {
  const { t } = useTranslation();
  const [over, setOver] = useState(false);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button is the one for everybody
    <div
      className={styles.drop}
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        const [file] = event.dataTransfer.files;
        if (file) onFile(file);
      }}
    >
      <FileButton
        accept=".csv,.txt,.tsv,.xlsx,.xlsm,text/csv"
        onChange={(file) => file && onFile(file)}
      >
        {(props) => (
          <Button {...props} loading={busy} leftSection={<IconFileUpload size={16} aria-hidden />}>
            {t('import.choose')}
          </Button>
        )}
      </FileButton>
      <span className={styles.help}>{t('import.chooseHelp')}</span>
    </div>
  );
}

/** Bring in customers from a file: choose one, or look at those that were brought in so far (product.md 1.7). */
export function ImportPage() {
  const { t } = useTranslation();
  const imports = useImports();
  const [, navigate] = useLocation();
  const upload = useMutation({
    mutationFn: uploadFile,
    onSuccess: (found: Import) => navigate(`/customers/import/${found.id}`),
  });
  const lines = imports.data;

  return (
    <main className={styles.page}>
      <div className={styles.toolbar}>
        <Link href="/customers" className={styles.back ?? ''}>
          {t('section.customers')}
          <IconChevronRight size={14} aria-hidden />
        </Link>
        <h1>{t('list.import')}</h1>
      </div>
      <div className={styles.scrolling}>
        <div className={styles.inner}>
          <Steps at="file" />
          <Upload busy={upload.isPending} onFile={(file) => upload.mutate(file)} />
          {upload.error && <ProblemNote problem={upload.error} />}
          {imports.error && (
            <ProblemNote problem={imports.error} onRetry={() => void imports.refetch()} />
          )}
          {imports.isPending && <Waiting lines={4} label={t('import.loading')} />}
          {lines?.length === 0 && (
            <EmptyState title={t('import.none')} text={t('import.noneText')} />
          )}
          {lines && lines.length > 0 && <h2 className={styles.history}>{t('import.history')}</h2>}
          <div className={styles.lines}>
            {lines?.map((one) => (
              <ImportLine key={one.id} one={one} />
            ))}
          </div>
        </div>
      </div>
    </main>
  );
}
