import { Button, Select } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { ApiProblem } from '../../../shared/api/problem.ts';
import type { Import } from '../../../shared/api/types.ts';
import { ProblemNote } from '../../../shared/ui/ProblemNote.tsx';
import { useAttributes } from '../attributes.ts';
import type { Choices } from './api.ts';
import { DuplicatesForm } from './DuplicatesForm.tsx';
import styles from './imports.module.css';
import { StepTitle } from './StepTitle.tsx';
import steps from './steps.module.css';
import { fillsKey, suggestedKey } from './steps.ts';
import { targets as systemTargets, type Target } from './targets.ts';

interface Props {
  found: Import;
  busy: boolean;
  problem: ApiProblem | null;
  onCheck(choices: Choices): void;
}

/** Which column fills which field: guessed from the headings, with the first rows beside it, to be corrected. */
export function MappingForm({ found, busy, problem, onCheck }: Props) {
  const { t } = useTranslation();
  const [mapping, setMapping] = useState<Record<string, string>>(found.mapping);
  // Of a file that was not checked yet nobody has chosen a key: what tells its customers apart is suggested.
  const [chosenKey, setKey] = useState(
    found.state === 'uploaded' ? (found.key ?? suggestedKey(found.mapping)) : found.key,
  );
  const [action, setAction] = useState(found.on_duplicate);
  const key = chosenKey && fillsKey(mapping, chosenKey) ? chosenKey : null;
  const attributes = useAttributes() ?? [];
  const targets: Target[] = [
    ...systemTargets(t),
    ...attributes.map((one) => ({ value: `attributes.${one.key}`, label: one.label })),
  ];
  const used = new Set(Object.values(mapping));
  const choose = (header: string, target: string | null) => {
    const { [header]: _before, ...others } = mapping;
    setMapping(target ? { ...others, [header]: target } : others);
  };
  return (
    <section className={steps.panel} aria-labelledby="step-title">
      <StepTitle>{t('import.mappingTitle', { file: found.file_name })}</StepTitle>
      <p className={styles.help}>
        {found.sheet === null
          ? t('import.mappingHelp', { rows: found.total_rows ?? 0, encoding: found.encoding })
          : t('import.sheetHelp', { rows: found.total_rows ?? 0, sheet: found.sheet })}
      </p>
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
      <DuplicatesForm
        mapping={mapping}
        attributes={attributes}
        keyField={key}
        onDuplicate={action}
        disabled={busy}
        onKey={setKey}
        onAction={setAction}
      />
      {problem && <ProblemNote problem={problem} />}
      <div className={styles.actions}>
        <Button
          loading={busy}
          disabled={used.size === 0}
          onClick={() => onCheck({ mapping, key, on_duplicate: key ? action : 'ignore' })}
        >
          {t('import.doCheck')}
        </Button>
        <Button component={Link} href="/customers/import" variant="default">
          {t('common.cancel')}
        </Button>
      </div>
    </section>
  );
}
