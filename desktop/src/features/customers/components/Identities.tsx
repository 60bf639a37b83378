import { IconAt, IconMessage, IconPhone, IconWorld } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Identity, IdentityKind } from '../../../shared/api/types.ts';
import styles from './Identities.module.css';
import { Phone } from './Phone.tsx';

const ICONS: Record<IdentityKind, typeof IconAt> = {
  phone: IconPhone,
  email: IconAt,
  chat: IconMessage,
  social: IconWorld,
};

/** The addresses at which a customer is recognised; an unconfirmed one says so. */
export function Identities({ identities }: { identities: readonly Identity[] }) {
  const { t } = useTranslation();
  if (identities.length === 0) return <p className={styles.none}>{t('card.noIdentities')}</p>;
  return (
    <ul>
      {identities.map((identity) => {
        const Icon = ICONS[identity.kind];
        return (
          <li key={identity.id} className={styles.row}>
            <Icon size={14} className={styles.icon} aria-label={t(`identity.${identity.kind}`)} />
            {identity.kind === 'phone' ? (
              <Phone value={identity.value} />
            ) : (
              <bdi className={styles.value}>{identity.value}</bdi>
            )}
            {identity.confidence === 'maybe' && (
              <span className={styles.maybe}>{t('identity.maybe')}</span>
            )}
          </li>
        );
      })}
    </ul>
  );
}
