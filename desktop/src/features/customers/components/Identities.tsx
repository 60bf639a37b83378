import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconAt, IconCheck, IconMessage, IconPhone, IconWorld, IconX } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Customer, Identity, IdentityKind, Uuid } from '../../../shared/api/types.ts';
import { useOnline } from '../../../shared/live/live.ts';
import { reportProblem } from '../../../shared/ui/notices.ts';
import { Phone } from '../../../shared/ui/Phone.tsx';
import { confirmIdentity, putCustomer, removeIdentity } from '../api.ts';
import { useAttributes } from '../attributes.ts';
import styles from './Identities.module.css';

const ICONS: Record<IdentityKind, typeof IconAt> = {
  phone: IconPhone,
  email: IconAt,
  chat: IconMessage,
  social: IconWorld,
};

interface UnconfirmedProps {
  customerId: Uuid;
  identity: Identity;
}

/** An address that was only seen in a call or message: it is the customer's, or it is not (product.md 1.10). */
function Unconfirmed({ customerId, identity }: UnconfirmedProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const online = useOnline();
  const decide = useMutation({
    mutationFn: (act: (customerId: Uuid, id: Uuid) => Promise<Customer>) =>
      act(customerId, identity.id),
    onSuccess: (customer) => putCustomer(client, customer),
    onError: (problem) => {
      if (!problem.asks) reportProblem('notice.identityNotSaved')(problem);
    },
  });
  const value = identity.value;
  if (decide.error?.asks) {
    const confirmShared = (customer: Uuid, id: Uuid) =>
      confirmIdentity(customer, id, { accept_duplicates: true });
    return (
      <span role="alert" className={styles.asks}>
        {decide.error.detail}
        <Button
          size="compact-xs"
          variant="default"
          disabled={!online || decide.isPending}
          onClick={() => decide.mutate(confirmShared)}
        >
          {t('shared.saveAnyway')}
        </Button>
      </span>
    );
  }
  return (
    <>
      <span className={styles.maybe}>{t('identity.maybe')}</span>
      <Tooltip label={t('identity.confirm', { value })}>
        <ActionIcon
          size={24}
          aria-label={t('identity.confirm', { value })}
          disabled={!online || decide.isPending}
          onClick={() => decide.mutate(confirmIdentity)}
        >
          <IconCheck size={14} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={t('identity.remove', { value })}>
        <ActionIcon
          size={24}
          aria-label={t('identity.remove', { value })}
          disabled={!online || decide.isPending}
          onClick={() => decide.mutate(removeIdentity)}
        >
          <IconX size={14} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </>
  );
}

interface Props {
  customerId: Uuid;
  identities: readonly Identity[];
  /** Only shown, as in a preview: nothing is to be decided here. */
  readOnly?: boolean;
}

/** The addresses at which a customer is recognised; an unconfirmed one is confirmed or removed in one click. */
export function Identities({ customerId, identities, readOnly = false }: Props) {
  const { t } = useTranslation();
  const labels = new Map(useAttributes()?.map((one) => [one.key, one.label]));
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
            {identity.attribute && (
              <bdi className={styles.maybe}>{labels.get(identity.attribute)}</bdi>
            )}
            {identity.confidence === 'maybe' && readOnly && (
              <span className={styles.maybe}>{t('identity.maybe')}</span>
            )}
            {identity.confidence === 'maybe' && !readOnly && (
              <Unconfirmed customerId={customerId} identity={identity} />
            )}
          </li>
        );
      })}
    </ul>
  );
}
