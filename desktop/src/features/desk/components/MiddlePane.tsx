import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Uuid } from '../../../shared/api/types.ts';
import { useDesk } from '../../../shared/live/live.ts';
import { EmptyState } from '../../../shared/ui/EmptyState.tsx';
import { ErrorBoundary } from '../../../shared/ui/ErrorBoundary.tsx';
import { CustomerCard } from '../../customers/components/CustomerCard.tsx';
import { NewCustomerForm } from '../../customers/components/NewCustomerForm.tsx';
import { MergedAway } from '../../customers/merging/MergedAway.tsx';
import { Erased, useErased } from '../../customers/privacy/Erased.tsx';
import { Journey } from '../../interactions/components/Journey.tsx';
import { usePart } from '../../people/parts.ts';
import { Proposal } from '../../requests/components/Proposal.tsx';
import { callOf } from '../rows.ts';
import { type Selection, useSettled } from '../selection.ts';
import { EDITOR } from '../usePops.ts';
import { CallNote } from './CallNote.tsx';
import { CustomerHeader } from './CustomerHeader.tsx';
import styles from './MiddlePane.module.css';
import { UnknownCall } from './UnknownCall.tsx';

interface Props {
  selection: Selection;
  /** Whether the form of a new customer belongs here, since there is no room beside. */
  withForm?: boolean;
  onShowCard?: () => void;
}

/** Everything about a customer, or what is left of one who was erased. */
function WhileThere({ id, children }: { id: Uuid; children: ReactNode }) {
  const stone = useErased(id);
  return stone ? <Erased stone={stone} /> : children;
}

function Content({ selection, withForm = false, onShowCard }: Props) {
  const { t } = useTranslation();
  const call = useDesk((desk) => callOf(desk, selection));
  const settled = useSettled(selection);
  const journey = usePart('journey');
  const card = usePart('card');
  switch (selection.kind) {
    case 'none':
      return <EmptyState level="h1" title={t('desk.emptyTitle')} text={t('desk.emptyText')} />;
    case 'customer':
      return (
        <WhileThere key={selection.id} id={selection.id}>
          <div className={styles.customer}>
            <MergedAway id={selection.id} />
            <CustomerHeader id={selection.id} call={call} {...(onShowCard && { onShowCard })} />
            {call?.note_from && <CallNote note={call.note_from} />}
            {call?.proposed_request && journey && (
              <Proposal call={call} request={call.proposed_request} />
            )}
            {settled && journey && <Journey customerId={selection.id} call={call} />}
            {settled && !journey && card && (
              <div className={styles.alone} {...EDITOR}>
                <div className={styles.sections}>
                  <CustomerCard id={selection.id} />
                </div>
              </div>
            )}
            {!journey && !card && <EmptyState title={t('parts.none')} text={t('parts.noneText')} />}
          </div>
        </WhileThere>
      );
    case 'call':
      return call ? (
        <UnknownCall key={call.activity_id} call={call} withForm={withForm} />
      ) : (
        <NewCustomerForm draftId={selection.id} level="h1" />
      );
    case 'draft':
      return withForm ? (
        <NewCustomerForm draftId={selection.id} level="h1" />
      ) : (
        <EmptyState level="h1" title={t('desk.newCustomer')} text={t('desk.newText')} />
      );
  }
}

/** The middle pane: whose journey, and what is known about a caller who is not known yet. */
export function MiddlePane(props: Props) {
  const { t } = useTranslation();
  return (
    <main
      id="pane-middle"
      data-pane
      tabIndex={-1}
      aria-label={t('desk.journey')}
      className={styles.pane}
    >
      <ErrorBoundary resetKey={JSON.stringify(props.selection)}>
        <Content {...props} />
      </ErrorBoundary>
    </main>
  );
}
