import { HoverCard } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomerSummary } from '../../../shared/api/types.ts';
import { languageName } from '../../../shared/format/time.ts';
import { Phone } from '../../../shared/ui/Phone.tsx';
import { RelativeTime } from '../../../shared/ui/RelativeTime.tsx';
import styles from './CustomerHover.module.css';

/** The details of a customer while the pointer rests on its row. */
export function CustomerHover({
  customer,
  children,
}: {
  customer: CustomerSummary;
  children: ReactElement;
}) {
  const { t } = useTranslation();
  const facts: [string, ReactElement | string][] = [];
  if (customer.phone_1)
    facts.push([t('field.phone_1'), <Phone key="p" value={customer.phone_1} />]);
  if (customer.email) facts.push([t('field.email'), <bdi key="e">{customer.email}</bdi>]);
  if (customer.city) facts.push([t('field.city'), <bdi key="c">{customer.city}</bdi>]);
  if (customer.preferred_language) {
    facts.push([t('field.preferred_language'), languageName(customer.preferred_language)]);
  }
  if (customer.last_contact_at) {
    const at = <RelativeTime key="l" at={customer.last_contact_at} />;
    facts.push([t('customer.lastContact'), at]);
  }
  return (
    <HoverCard position="right-start" width={300} withinPortal>
      <HoverCard.Target>{children}</HoverCard.Target>
      <HoverCard.Dropdown>
        <p className={styles.name}>
          <bdi>{customer.display_name}</bdi>
        </p>
        <p className={styles.number}>{t('customer.number', { number: customer.number })}</p>
        <dl className={styles.facts}>
          {facts.map(([label, value]) => (
            <div key={label} className={styles.fact}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </HoverCard.Dropdown>
    </HoverCard>
  );
}
