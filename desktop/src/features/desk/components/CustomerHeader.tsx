import { Button, Skeleton } from '@mantine/core';
import { IconArrowsExchange, IconBuilding, IconId } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { CallView, Uuid } from '../../../shared/api/types.ts';
import { useDesk } from '../../../shared/live/live.ts';
import { reportProblem } from '../../../shared/ui/notices.ts';
import { RelativeTime } from '../../../shared/ui/RelativeTime.tsx';
import { useCustomer } from '../../customers/api.ts';
import { PersonMenu } from '../../customers/privacy/PersonMenu.tsx';
import { RelinkDialog } from '../../interactions/components/RelinkDialog.tsx';
import { openCustomer } from '../actions.ts';
import { customerPath } from '../selection.ts';
import styles from './CustomerHeader.module.css';

interface Props {
  id: Uuid;
  call: CallView | null;
  onShowCard?: () => void;
}

/** The name, first and biggest; it is there with the call, before the card has been fetched. */
export function CustomerHeader({ id, call, onShowCard }: Props) {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const [relinking, setRelinking] = useState(false);
  const { data } = useCustomer(id);
  const summary = useDesk(
    (desk) =>
      desk.open.find((one) => one.customer.id === id)?.customer ??
      desk.calls.find((one) => one.customer?.id === id)?.customer ??
      desk.previous.find((one) => one.id === id),
  );
  const listed = useDesk((desk) => desk.open.some((one) => one.customer.id === id));
  const known = data ?? summary;
  const city = data
    ? (data.addresses.find((one) => one.primary) ?? data.addresses[0])?.city
    : summary?.city;
  const lastContact = data?.last_contact?.at ?? summary?.last_contact_at;
  // A customer reached by its address rather than from a list joins the open ones, so that the
  // event stream tells of it. Only on arrival: one that was closed since stays closed.
  const openOnArrival = useRef(listed || call !== null);
  const there = data !== undefined;
  useEffect(() => {
    if (openOnArrival.current || !there) return;
    openOnArrival.current = true;
    openCustomer(id).catch(reportProblem('notice.notOpened'));
  }, [id, there]);

  // An old address of a card that went into another one: the card of today has its own.
  const current = data?.id;
  useEffect(() => {
    if (current && current !== id) navigate(customerPath(current), { replace: true });
  }, [current, id, navigate]);

  if (!known) return <Skeleton className={styles.waiting ?? ''} height={28} width={280} m={16} />;
  const since = new Date(known.created_at).getFullYear();

  return (
    <header className={styles.header}>
      <div className={styles.top}>
        <h1 className={styles.name}>
          {known.kind === 'company' && (
            <IconBuilding size={20} aria-label={t('customer.company')} className={styles.kind} />
          )}
          <bdi>{known.display_name || t('customer.unknown')}</bdi>
        </h1>
        {call && (
          <Button
            variant="subtle"
            color="gray"
            leftSection={<IconArrowsExchange size={16} aria-hidden />}
            onClick={() => setRelinking(true)}
          >
            {t('relink.act')}
          </Button>
        )}
        {data && <PersonMenu customer={data} />}
        {onShowCard && (
          <Button
            variant="default"
            leftSection={<IconId size={16} aria-hidden />}
            onClick={onShowCard}
          >
            {t('card.title')}
          </Button>
        )}
      </div>
      <p className={styles.facts}>
        <span>{t('customer.number', { number: known.number })}</span>
        <span>{t('customer.since', { year: String(since) })}</span>
        {city && <bdi>{city}</bdi>}
        {lastContact && (
          <span>
            {t('customer.lastContact')} <RelativeTime at={lastContact} />
          </span>
        )}
        {data?.archived_at && <span className={styles.archived}>{t('customer.archived')}</span>}
      </p>
      {call && (
        <RelinkDialog
          opened={relinking}
          onClose={() => setRelinking(false)}
          interactionId={call.interaction_id}
          // The call goes on with that customer, and so does the agent.
          onLinked={(customerId) => navigate(customerPath(customerId))}
        />
      )}
    </header>
  );
}
