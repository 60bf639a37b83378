import { useTranslation } from 'react-i18next';
import styles from './merging.module.css';

/** How sure it is, in words to read out and a figure to compare. */
export function Score({ score }: { score: number }) {
  const { t } = useTranslation();
  const label = t('duplicates.score', { score: String(score) });
  return (
    <span className={`rd-figures ${styles.score ?? ''}`} title={label}>
      {label}
    </span>
  );
}
