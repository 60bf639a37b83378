import { ActionIcon } from '@mantine/core';
import {
  IconBuilding,
  IconPointFilled,
  IconUserPlus,
  IconUserQuestion,
  IconX,
} from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { CallView } from '../../../shared/api/types.ts';
import { initials } from '../../../shared/ui/initials.ts';
import { Phone } from '../../../shared/ui/Phone.tsx';
import { useCustomerDrop } from '../../requests/useCustomerDrop.ts';
import { useCallerName } from '../../telephony/callerName.ts';
import { Timer } from '../../telephony/components/Timer.tsx';
import { callLook, stateWord } from '../../telephony/states.ts';
import { askClose } from '../closing.ts';
import type { DeskRow } from '../rows.ts';
import { useWaiting } from '../usePops.ts';
import { CustomerHover } from './CustomerHover.tsx';
import styles from './OpenRow.module.css';

function useTitle(row: DeskRow): { title: string; sub: ReactNode } {
  const { t } = useTranslation();
  const callerName = useCallerName();
  if (row.kind === 'customer') {
    const { customer } = row;
    const sub = customer.phone_1 ? <Phone value={customer.phone_1} /> : customer.email;
    return { title: customer.display_name, sub };
  }
  if (row.kind === 'draft') {
    const { first_name, last_name, company_name } = row.draft.fields;
    const name = [first_name, last_name].filter(Boolean).join(' ') || company_name;
    return { title: name || t('desk.newCustomer'), sub: t('desk.notCreated') };
  }
  const count = row.call.candidates.length;
  return {
    title: callerName(row.call),
    sub: count > 0 ? t('desk.candidates', { count }) : t('call.unknownCaller'),
  };
}

function CallMark({ call }: { call: CallView }) {
  const { t } = useTranslation();
  const { Icon, colour } = callLook(call);
  return (
    <span className={styles.call} style={{ color: colour }}>
      <Icon size={14} aria-label={t(`state.${stateWord(call)}`)} />
      <Timer since={call.since} />
    </span>
  );
}

function Face({ row, title }: { row: DeskRow; title: string }) {
  if (row.kind === 'draft') return <IconUserPlus size={16} aria-hidden />;
  if (row.kind === 'call') return <IconUserQuestion size={16} aria-hidden />;
  if (row.customer.kind === 'company') return <IconBuilding size={16} aria-hidden />;
  return <span aria-hidden>{initials(title)}</span>;
}

interface Props {
  row: DeskRow;
  folded: boolean;
  current: boolean;
}

/** One row of OPEN. It pulses when its call came while something else was being typed. */
export function OpenRow({ row, folded, current }: Props) {
  const { t } = useTranslation();
  const { title, sub } = useTitle(row);
  const call = row.kind === 'draft' ? null : row.call;
  const waiting = useWaiting(call?.activity_id);
  const place = useRef<HTMLLIElement>(null);
  const over = useCustomerDrop(place, row.kind === 'customer' ? row.customer.id : null);
  useEffect(() => {
    if (current) place.current?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  const link = (
    <Link
      href={row.path}
      className={styles.link ?? ''}
      aria-current={current ? 'true' : undefined}
      aria-label={folded ? title : undefined}
    >
      <span className={styles.face} data-state={call?.state}>
        <Face row={row} title={title} />
      </span>
      {!folded && (
        <span className={styles.text}>
          <bdi className={styles.title}>{title}</bdi>
          <span className={styles.sub}>
            {row.unsaved && (
              <IconPointFilled
                size={10}
                className={styles.unsaved}
                aria-label={t('desk.unsaved')}
              />
            )}
            {sub}
          </span>
        </span>
      )}
      {call && !folded && <CallMark call={call} />}
    </Link>
  );
  return (
    <li
      ref={place}
      className={styles.row}
      data-waiting={waiting || undefined}
      data-current={current || undefined}
      data-over={over || undefined}
    >
      {row.kind === 'customer' ? (
        <CustomerHover customer={row.customer}>{link}</CustomerHover>
      ) : (
        link
      )}
      {!folded && row.kind !== 'call' && (
        <ActionIcon
          className={styles.close ?? ''}
          size={24}
          aria-label={t('desk.close', { name: title })}
          onClick={() => askClose(row)}
        >
          <IconX size={14} aria-hidden />
        </ActionIcon>
      )}
    </li>
  );
}
