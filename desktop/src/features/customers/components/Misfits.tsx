import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { ApiProblem } from '../../../shared/api/problem.ts';
import { customerPath } from '../../desk/selection.ts';
import styles from './Misfits.module.css';

/** Some of the stored values that are none of the new type, with the way to their cards. */
export function Misfits({ problem }: { problem: ApiProblem }) {
  const { t } = useTranslation();
  if (problem.misfits.length === 0) return null;
  return (
    <table className={styles.misfits}>
      <thead>
        <tr>
          <th scope="col">{t('attributes.misfitCustomer')}</th>
          <th scope="col">{t('attributes.misfitValue')}</th>
          <th scope="col">{t('attributes.misfitWhy')}</th>
        </tr>
      </thead>
      <tbody>
        {problem.misfits.map((one) => (
          <tr key={one.id}>
            <td>
              <Link href={customerPath(one.id)}>
                <bdi>{one.name}</bdi>
              </Link>
            </td>
            <td>
              <bdi>{String(one.value)}</bdi>
            </td>
            <td>{one.message}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
