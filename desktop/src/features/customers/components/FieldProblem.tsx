import { useTranslation } from 'react-i18next';
import type { ApiProblem } from '../../../shared/api/problem.ts';
import styles from './FieldProblem.module.css';

/** Why a field was refused, beside it; with the request id when the refusal names no field. */
export function FieldProblem({
  id,
  problem,
  field,
}: {
  id: string;
  problem: ApiProblem;
  field: string;
}) {
  const { t } = useTranslation();
  const own = problem.errors.find(
    (one) => one.field === field || one.field.startsWith(`${field}.`),
  );
  const other = problem.isNetwork ? t('problem.network') : (problem.detail ?? problem.title);
  return (
    <p id={id} role="alert" className={styles.problem}>
      {own?.message ?? problem.errors[0]?.message ?? other}
      {problem.errors.length === 0 && problem.requestId && (
        <span className={styles.request}>{t('problem.requestId', { id: problem.requestId })}</span>
      )}
    </p>
  );
}
