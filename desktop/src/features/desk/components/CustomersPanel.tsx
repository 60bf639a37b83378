import { ActionIcon, Tooltip } from '@mantine/core';
import {
  IconLayoutSidebarLeftCollapse,
  IconLayoutSidebarLeftExpand,
  IconPlus,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { CustomerSummary } from '../../../shared/api/types.ts';
import { useDesk } from '../../../shared/live/live.ts';
import { useStore } from '../../../shared/store/store.ts';
import { reportProblem } from '../../../shared/ui/notices.ts';
import { draftStore, startDraft } from '../../customers/drafts.ts';
import { openCustomer } from '../actions.ts';
import { changeLayout } from '../layout.ts';
import { deskRows } from '../rows.ts';
import { customerPath, draftPath } from '../selection.ts';
import { CustomerSearch } from './CustomerSearch.tsx';
import styles from './CustomersPanel.module.css';
import { OpenRow } from './OpenRow.tsx';
import { PreviousRow } from './PreviousRow.tsx';

interface Props {
  /** Only icons, for want of room or by choice. */
  folded: boolean;
  canFold: boolean;
  /** What stands at its edge. */
  children?: ReactNode;
}

/** The left pane: customers open now, up to ten earlier ones, search, new (product.md 4.1). */
export function CustomersPanel({ folded, canFold, children }: Props) {
  const { t } = useTranslation();
  const [path, navigate] = useLocation();
  const desk = useDesk((known) => known);
  const drafts = useStore(draftStore, (known) => known);
  const rows = deskRows(desk, drafts);
  const open = (customer: Pick<CustomerSummary, 'id'>) => {
    openCustomer(customer.id).catch(reportProblem('notice.notOpened'));
    navigate(customerPath(customer.id));
  };

  return (
    <nav
      id="pane-left"
      data-pane
      tabIndex={-1}
      aria-label={t('desk.customers')}
      className={styles.panel}
      data-folded={folded || undefined}
    >
      <div className={styles.tools}>
        {!folded && <CustomerSearch onChoose={open} />}
        <Tooltip label={t('command.newCustomer')}>
          <ActionIcon
            aria-label={t('command.newCustomer')}
            onClick={() => navigate(draftPath(startDraft()))}
          >
            <IconPlus size={18} aria-hidden />
          </ActionIcon>
        </Tooltip>
        {canFold && (
          <ActionIcon
            aria-label={folded ? t('desk.expand') : t('desk.fold')}
            aria-expanded={!folded}
            onClick={() => changeLayout({ leftOpen: folded })}
          >
            {folded ? (
              <IconLayoutSidebarLeftExpand size={18} aria-hidden />
            ) : (
              <IconLayoutSidebarLeftCollapse size={18} aria-hidden />
            )}
          </ActionIcon>
        )}
      </div>
      <div className={styles.scroll}>
        <h2 className={styles.heading}>{t('desk.open')}</h2>
        <ul>
          {rows.map((row) => (
            <OpenRow key={row.path} row={row} folded={folded} current={row.path === path} />
          ))}
        </ul>
        {rows.length === 0 && !folded && <p className={styles.empty}>{t('desk.noneOpen')}</p>}
        {desk.previous.length > 0 && (
          <>
            <h2 className={styles.heading}>{t('desk.previous')}</h2>
            <ul>
              {desk.previous.map((customer) => (
                <PreviousRow
                  key={customer.id}
                  customer={customer}
                  folded={folded}
                  onOpen={() => open(customer)}
                />
              ))}
            </ul>
          </>
        )}
      </div>
      {children}
    </nav>
  );
}
