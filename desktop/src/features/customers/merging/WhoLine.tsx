import { IconBuilding, IconUser } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { CustomerSummary } from '../../../shared/api/types.ts';
import { Phone } from '../../../shared/ui/Phone.tsx';
import styles from './merging.module.css';

/** A customer on two lines: the whole name, however long, and below it what tells namesakes apart. */
export function WhoLine({ customer }: { customer: CustomerSummary }) {
  const { t } = useTranslation();
  const Icon = customer.kind === 'company' ? IconBuilding : IconUser;
  return (
    <span className={styles.whoLine}>
      <Icon
        size={16}
        className={styles.icon}
        aria-label={customer.kind === 'company' ? t('customer.company') : t('customer.person')}
      />
      <span className={styles.whoText}>
        <bdi className={styles.whoName}>{customer.display_name}</bdi>
        <span className={styles.facts}>
          {customer.phone_1 && <Phone value={customer.phone_1} />}
          {customer.city && <bdi>{customer.city}</bdi>}
          <span>{t('customer.number', { number: customer.number })}</span>
          <span>
            {t('customer.since', { year: String(new Date(customer.created_at).getFullYear()) })}
          </span>
        </span>
      </span>
    </span>
  );
}
