import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { ApiProblem } from '../api/problem.ts';
import styles from './Misfits.module.css';

interface Props {
  problem: ApiProblem;
  /** What holds the values. */
  of: string;
  path: (id: string) => string;
}

/** Some of the stored values that are none of the new type, with the way to where they stand. */
export function Misfits({ problem, of, path }: Props) {
  const { t } = useTranslation();
  if (problem.misfits.length === 0) return null;
  return (
    <table className={styles.misfits}>
      <thead>
        <tr>
          <th scope="col">{of}</th>
          <th scope="col">{t('attributes.misfitValue')}</th>
          <th scope="col">{t('attributes.misfitWhy')}</th>
        </tr>
      </thead>
      <tbody>
        {problem.misfits.map((one) => (
          <tr key={one.id}>
            <td>
              <Link href={path(one.id)}>
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
