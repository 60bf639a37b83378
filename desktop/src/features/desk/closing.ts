import { createStore } from '../../shared/store/store.ts';
import { reportProblem } from '../../shared/ui/notices.ts';
import { dropDraft, dropEdits } from '../customers/drafts.ts';
import { closeCustomer } from './actions.ts';
import type { DeskRow } from './rows.ts';

/** The row whose closing waits for an answer: save, discard or cancel. */
export const closingStore = createStore<DeskRow | null>(null);

/** Closes a row, dropping whatever was typed in it. A call's row stays as long as the call. */
export function closeRow(row: DeskRow): void {
  if (row.kind === 'customer') {
    dropEdits(row.customer.id);
    closeCustomer(row.customer.id).catch(reportProblem('notice.notClosed'));
  } else {
    dropDraft(row.kind === 'draft' ? row.draft.id : row.call.activity_id);
  }
}

/** Closes a row at once when nothing would be lost; else asks first (product.md 4.1). */
export function askClose(row: DeskRow): void {
  if (row.unsaved || row.kind === 'draft') closingStore.set(row);
  else closeRow(row);
}
