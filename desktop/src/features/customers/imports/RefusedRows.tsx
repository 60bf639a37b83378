import { useTranslation } from 'react-i18next';
import type { Import } from '../../../shared/api/types.ts';
import styles from './steps.module.css';

// What fits beside a reason: enough to know the row again.
const SHOWN_CELLS = 4;

/** The first rows that would be refused, each with its line and the reason. */
export function RefusedRows({ one, count }: { one: Import; count: number }) {
  const { t } = useTranslation();
  const rows = one.refused_sample;
  if (rows.length === 0) return <p className={styles.help}>{t('import.noRefused')}</p>;
  const title = rows.length < count ? 'import.refusedTitle' : 'import.refusedAll';
  return (
    <div className={styles.scroll}>
      <table className={styles.rows}>
        <caption>{t(title, { count })}</caption>
        <thead>
          <tr>
            <th scope="col">{t('import.line')}</th>
            <th scope="col">{t('import.row')}</th>
            <th scope="col">{t('import.reason')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.line}>
              <td>{row.line}</td>
              <td className={styles.cells}>
                <bdi>
                  {row.cells
                    .filter((cell) => cell.trim())
                    .slice(0, SHOWN_CELLS)
                    .join(' · ')}
                </bdi>
              </td>
              <td>{row.reason}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
