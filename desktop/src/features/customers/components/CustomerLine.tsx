import { IconBuilding, IconUser } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { CustomerRow, CustomerSummary } from '../../../shared/api/types.ts';
import { Phone } from '../../../shared/ui/Phone.tsx';
import styles from './CustomerLine.module.css';

/** A customer on one line of a list of hits: name first, then what tells namesakes apart. */
export function CustomerLine({ customer }: { customer: CustomerSummary | CustomerRow }) {
  const { t } = useTranslation();
  const Icon = customer.kind === 'company' ? IconBuilding : IconUser;
  const city =
    'city' in customer
      ? customer.city
      : (customer.addresses.find((one) => one.primary) ?? customer.addresses[0])?.city;
  return (
    <span className={styles.line}>
      <Icon
        size={16}
        className={styles.icon}
        aria-label={customer.kind === 'company' ? t('customer.company') : t('customer.person')}
      />
      <bdi className={styles.name}>{customer.display_name}</bdi>
      <span className={styles.more}>
        {customer.phone_1 && <Phone value={customer.phone_1} />}
        {city && <bdi>{city}</bdi>}
      </span>
    </span>
  );
}
