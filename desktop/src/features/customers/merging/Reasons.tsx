import { useTranslation } from 'react-i18next';
import type { DuplicateReason } from '../../../shared/api/types.ts';
import { Phone } from '../../../shared/ui/Phone.tsx';
import { useAttributes } from '../attributes.ts';
import styles from './merging.module.css';

// More than this says nothing that the first ones do not.
const SHOWN = 4;

/** Why two cards are probably one customer's: the strongest reason first. */
export function Reasons({ reasons }: { reasons: readonly DuplicateReason[] }) {
  const { t } = useTranslation();
  const labels = new Map(useAttributes()?.map((one) => [one.key, one.label]));
  return (
    <ul className={styles.reasons} aria-label={t('duplicates.reasons')}>
      {reasons.slice(0, SHOWN).map(({ code, value }) => (
        <li key={`${code} ${value}`} className={styles.reason}>
          {t(`duplicates.reason.${code}`, { field: labels.get(value ?? '') ?? '' })}
          {code === 'same_phone' && value && <Phone value={value} />}
        </li>
      ))}
    </ul>
  );
}
