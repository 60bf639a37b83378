import { Button, Select } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiProblem } from '../../../shared/api/problem.ts';
import type { Import } from '../../../shared/api/types.ts';
import { ProblemNote } from '../../../shared/ui/ProblemNote.tsx';
import { useAttributes } from '../attributes.ts';
import styles from './imports.module.css';
import { TARGETS } from './targets.ts';

interface Props {
  found: Import;
  busy: boolean;
  problem: ApiProblem | null;
  onStart(mapping: Record<string, string>): void;
  onCancel(): void;
}

/** Which column fills which field: guessed from the headings, with the first rows beside it, to be corrected. */
export function MappingForm({ found, busy, problem, onStart, onCancel }: Props) {
  const { t } = useTranslation();
  const [mapping, setMapping] = useState<Record<string, string>>(found.mapping);
  const attributes = useAttributes() ?? [];
  const targets = [
    ...TARGETS.map(({ value, label }) => ({ value: value as string, label: t(label) })),
    ...attributes.map((one) => ({ value: `attributes.${one.key}`, label: one.label })),
  ];
  const used = new Set(Object.values(mapping));
  const choose = (header: string, target: string | null) => {
    const { [header]: _before, ...others } = mapping;
    setMapping(target ? { ...others, [header]: target } : others);
  };
  return (
    <section className={styles.mapping} aria-labelledby="mapping-title">
      <h2 id="mapping-title">{t('import.mappingTitle', { file: found.file_name })}</h2>
      <p className={styles.help}>
        {t('import.mappingHelp', { rows: found.total_rows ?? 0, encoding: found.encoding })}
      </p>
      {problem && <ProblemNote problem={problem} />}
      <div className={styles.scroll}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t('import.column')}</th>
              <th scope="col">{t('import.target')}</th>
              <th scope="col">{t('import.sample')}</th>
            </tr>
          </thead>
          <tbody>
            {found.headers.map((header, place) => (
              <tr key={header}>
                <th scope="row">
                  <bdi>{header}</bdi>
                </th>
                <td>
                  <Select
                    aria-label={t('import.targetOf', { header })}
                    placeholder={t('import.notTaken')}
                    data={targets.map(({ value, label }) => ({
                      value,
                      label,
                      disabled: used.has(value) && mapping[header] !== value,
                    }))}
                    value={mapping[header] ?? null}
                    onChange={(target) => choose(header, target)}
                    clearable
                    searchable
                    disabled={busy}
                  />
                </td>
                <td className={styles.sample}>
                  {found.sample.slice(0, 3).map((row, line) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: lines of a file have no other name
                    <bdi key={line}>{row[place]}</bdi>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className={styles.actions}>
        <Button loading={busy} disabled={used.size === 0} onClick={() => onStart(mapping)}>
          {t('import.start')}
        </Button>
        <Button variant="default" onClick={onCancel} disabled={busy}>
          {t('common.cancel')}
        </Button>
      </div>
    </section>
  );
}
