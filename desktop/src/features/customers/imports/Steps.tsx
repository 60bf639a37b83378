import { IconCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import styles from './steps.module.css';
import { STEPS, type Step } from './steps.ts';

/** Where in the import one is: file, columns, check, import, result. */
export function Steps({ at }: { at: Step }) {
  const { t } = useTranslation();
  const now = STEPS.indexOf(at);
  return (
    <ol className={styles.steps} aria-label={t('import.steps')}>
      {STEPS.map((step, place) => (
        <li
          key={step}
          data-past={place < now || undefined}
          aria-current={step === at ? 'step' : undefined}
        >
          <span className={styles.place} aria-hidden>
            {place < now ? <IconCheck size={12} stroke={2.5} /> : place + 1}
          </span>
          {t(`import.step.${step}`)}
        </li>
      ))}
    </ol>
  );
}
