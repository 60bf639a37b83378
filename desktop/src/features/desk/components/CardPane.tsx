import { ActionIcon } from '@mantine/core';
import { IconLayoutSidebarRightCollapse, IconLayoutSidebarRightExpand } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useDesk } from '../../../shared/live/live.ts';
import { EmptyState } from '../../../shared/ui/EmptyState.tsx';
import { ErrorBoundary } from '../../../shared/ui/ErrorBoundary.tsx';
import { CustomerCard } from '../../customers/components/CustomerCard.tsx';
import { NewCustomerForm } from '../../customers/components/NewCustomerForm.tsx';
import { changeLayout, useLayout } from '../layout.ts';
import { callOf } from '../rows.ts';
import { type Selection, useSettled } from '../selection.ts';
import { EDITOR } from '../usePops.ts';
import styles from './CardPane.module.css';

interface Props {
  selection: Selection;
  collapsible?: boolean;
  /** What stands at its edge. */
  children?: ReactNode;
}

function Content({ selection }: { selection: Selection }) {
  const { t } = useTranslation();
  const call = useDesk((desk) => callOf(desk, selection));
  if (selection.kind === 'customer') return <CustomerCard key={selection.id} id={selection.id} />;
  if (selection.kind === 'none') return <EmptyState title={t('card.emptyTitle')} />;
  return <NewCustomerForm key={selection.id} draftId={selection.id} {...(call && { call })} />;
}

/** The right pane: the card of the customer, or the form of one who is not known yet. */
export function CardPane({ selection, collapsible = false, children }: Props) {
  const { t } = useTranslation();
  const { rightOpen } = useLayout();
  const shown = rightOpen || !collapsible;
  const settled = useSettled(selection);
  return (
    <aside
      id="pane-right"
      data-pane
      tabIndex={-1}
      aria-label={t('card.title')}
      className={styles.pane}
      {...EDITOR}
    >
      {collapsible && (
        <div className={styles.tools}>
          {shown && <h2 className={styles.title}>{t('card.title')}</h2>}
          <ActionIcon
            aria-label={shown ? t('desk.foldCard') : t('desk.expandCard')}
            aria-expanded={shown}
            onClick={() => changeLayout({ rightOpen: !rightOpen })}
          >
            {shown ? (
              <IconLayoutSidebarRightCollapse size={18} aria-hidden />
            ) : (
              <IconLayoutSidebarRightExpand size={18} aria-hidden />
            )}
          </ActionIcon>
        </div>
      )}
      {shown && (
        <div className={styles.scroll}>
          <ErrorBoundary resetKey={JSON.stringify(selection)}>
            {settled && <Content selection={selection} />}
          </ErrorBoundary>
        </div>
      )}
      {children}
    </aside>
  );
}
