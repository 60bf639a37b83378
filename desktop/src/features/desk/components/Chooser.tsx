import { Loader } from '@mantine/core';
import { IconBuilding, IconUser } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Candidate, Uuid } from '../../../shared/api/types.ts';
import { RelativeTime } from '../../../shared/ui/RelativeTime.tsx';
import { recentFirst } from '../chooser.ts';
import styles from './Chooser.module.css';

interface Props {
  candidates: readonly Candidate[];
  disabled: boolean;
  pending: Uuid | null;
  onChoose: (customerId: Uuid) => void;
}

/** Who might be calling, the one most recently in touch first; arrow keys and Enter. */
export function Chooser({ candidates, disabled, pending, onChoose }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const rows = recentFirst(candidates);
  const [active, setActive] = useState(0);
  const current = rows[Math.min(active, rows.length - 1)];
  const choose = (row: Candidate | undefined) => {
    if (row && !disabled && pending === null) onChoose(row.customer.id);
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const last = rows.length - 1;
    const moves: Record<string, number> = {
      ArrowDown: Math.min(last, active + 1),
      j: Math.min(last, active + 1),
      ArrowUp: Math.max(0, active - 1),
      k: Math.max(0, active - 1),
      Home: 0,
      End: last,
    };
    const next = moves[event.key];
    if (next !== undefined) setActive(next);
    else if (event.key === 'Enter' && !event.altKey) choose(current);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div
      role="listbox"
      tabIndex={0}
      data-work-start
      aria-label={t('chooser.label')}
      aria-disabled={disabled}
      aria-activedescendant={current ? `${id}-${current.customer.id}` : undefined}
      className={styles.list}
      onKeyDown={onKeyDown}
    >
      {rows.map((row, index) => {
        const { customer } = row;
        const Icon = customer.kind === 'company' ? IconBuilding : IconUser;
        return (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the list itself takes the keys
          <div
            key={customer.id}
            id={`${id}-${customer.id}`}
            role="option"
            tabIndex={-1}
            aria-selected={row === current}
            className={styles.option}
            onPointerMove={() => setActive(index)}
            onClick={() => choose(row)}
          >
            <Icon size={18} aria-hidden className={styles.icon} />
            <div className={styles.who}>
              <bdi className={styles.name}>{customer.display_name}</bdi>
              <span className={styles.reason}>
                <span>{t(`reason.${row.reason}`)}</span>
                {customer.city && <bdi>{customer.city}</bdi>}
              </span>
            </div>
            <div className={styles.last}>
              {row.last_contact_at ? (
                <RelativeTime at={row.last_contact_at} />
              ) : (
                <span>{t('chooser.never')}</span>
              )}
              {row.last_agent && <bdi className={styles.agent}>{row.last_agent}</bdi>}
            </div>
            {pending === customer.id && <Loader size={14} aria-label={t('chooser.linking')} />}
          </div>
        );
      })}
    </div>
  );
}
