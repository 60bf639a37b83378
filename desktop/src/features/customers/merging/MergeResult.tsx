import { useTranslation } from 'react-i18next';
import type { ApiProblem } from '../../../shared/api/problem.ts';
import type { MergePreview } from '../../../shared/api/types.ts';
import { ProblemNote } from '../../../shared/ui/ProblemNote.tsx';
import { Waiting } from '../../../shared/ui/Waiting.tsx';
import { useAttributes } from '../attributes.ts';
import { Identities } from '../components/Identities.tsx';
import { mergeFields } from './fields.ts';
import styles from './merging.module.css';

interface Props {
  preview: MergePreview | undefined;
  problem: ApiProblem | null;
  otherName: string;
}

/** The one card as it will be, and what moves to it. */
export function MergeResult({ preview, problem, otherName }: Props) {
  const { t } = useTranslation();
  const attributes = useAttributes();
  if (problem) return <ProblemNote problem={problem} />;
  if (!preview) return <Waiting lines={5} label={t('merge.previewLoading')} />;
  const { customer, moves } = preview;
  const fields = mergeFields(customer, customer, attributes ?? [], t).filter(
    ({ field }) => field !== 'kind',
  );
  return (
    <>
      <p className={styles.resultName}>
        <bdi>{customer.display_name}</bdi>
      </p>
      <dl className={styles.resultFields}>
        {fields.map(({ field, label, this: value }) => (
          <div key={field}>
            <dt>{label}</dt>
            <dd>
              {value.split('\n').map((line) => (
                <bdi key={line}>{line}</bdi>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      <h3 className={styles.resultTitle}>{t('card.identities')}</h3>
      <Identities customerId={customer.id} identities={customer.identities} readOnly />
      <h3 className={styles.resultTitle}>{t('merge.moves', { name: otherName })}</h3>
      <ul className={styles.moves}>
        {Object.entries(moves).map(([what, count]) => (
          <li key={what} className="rd-figures">
            {t(`merge.moved.${what}` as 'merge.moved.interactions', {
              count,
              defaultValue: `${what}: ${count}`,
            })}
          </li>
        ))}
      </ul>
      <p className={styles.dim}>{t('merge.oldId')}</p>
    </>
  );
}
