import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { ApiProblem } from '../api/problem.ts';
import styles from './Misfits.module.css';

interface Props {
  problem: ApiProblem;
  /** What holds the values. */
  of: string;
  /** The page of whatever holds a value; without one only its name is shown. */
  path?: ((id: string) => string) | undefined;
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
              {path ? (
                <Link href={path(one.id)}>
                  <bdi>{one.name}</bdi>
                </Link>
              ) : (
                <bdi>{one.name}</bdi>
              )}
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
