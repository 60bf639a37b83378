import type { CallView, CustomerSummary, DeskSnapshot, Uuid } from '../../shared/api/types.ts';
import { type Drafts, hasUnsaved, type NewCustomer } from '../customers/drafts.ts';
import { callPath, customerPath, draftPath, type Selection } from './selection.ts';

/** One row of OPEN: a call that waits for its customer, a new customer, or an open customer. */
export type DeskRow = { path: string; unsaved: boolean } & (
  | { kind: 'call'; call: CallView }
  | { kind: 'draft'; draft: NewCustomer }
  | { kind: 'customer'; customer: CustomerSummary; call: CallView | null }
);

/**
 * The rows of OPEN from the top: unknown calls, customers on the line, new customers, the others
 * with the one opened last first. A call
 * whose customer is known but not told open yet already has its row, so that a pop needs no
 * second event.
 */
export function deskRows(desk: DeskSnapshot, drafts: Drafts): DeskRow[] {
  const unknown = desk.calls.filter((call) => !call.customer);
  const draftOf = (id: string) => drafts.created.find((one) => one.id === id);
  const calls = unknown.toReversed().map((call): DeskRow => {
    const unsaved = draftOf(call.activity_id)?.written === true;
    return { kind: 'call', path: callPath(call), call, unsaved };
  });
  const forms = drafts.created
    .filter((draft) => !unknown.some((call) => call.activity_id === draft.id))
    .filter((draft) => draft.interactionId === null || draft.written)
    .map((draft): DeskRow => {
      return { kind: 'draft', path: draftPath(draft.id), draft, unsaved: draft.written };
    });
  const byOpening = desk.open.toSorted((a, b) => b.opened_at.localeCompare(a.opened_at));
  const told = byOpening.map((one) => one.customer);
  const popped = desk.calls.flatMap((call) => call.customer ?? []);
  const all = new Map<Uuid, CustomerSummary>();
  for (const customer of [...popped.filter((one) => !told.some((t) => t.id === one.id)), ...told]) {
    all.set(customer.id, customer);
  }
  const customers = [...all.values()].map((customer): DeskRow => {
    const call = desk.calls.findLast((one) => one.customer?.id === customer.id) ?? null;
    const path = customerPath(customer.id);
    return { kind: 'customer', path, customer, call, unsaved: hasUnsaved(drafts, customer.id) };
  });
  // Who is on the line stands above who is not, also when that customer was opened long ago.
  const talking = customers.filter((row) => row.kind === 'customer' && row.call !== null);
  const others = customers.filter((row) => !talking.includes(row));
  return [...calls, ...talking, ...forms, ...others];
}

/** Whether a selection still stands for something that the desk has. */
export function isPresent(rows: readonly DeskRow[], path: string): boolean {
  return rows.some((row) => row.path === path);
}

/** The row to show when the one shown is gone: the one that took its place, else the last. */
export function neighbour(before: readonly DeskRow[], after: readonly DeskRow[], path: string) {
  const index = before.findIndex((row) => row.path === path);
  return after[Math.min(Math.max(index, 0), after.length - 1)];
}

/** The row one step up or down, around the ends. */
export function step(rows: readonly DeskRow[], path: string, by: 1 | -1): DeskRow | undefined {
  if (rows.length === 0) return undefined;
  const index = rows.findIndex((row) => row.path === path);
  if (index === -1) return by === 1 ? rows[0] : rows.at(-1);
  return rows[(index + by + rows.length) % rows.length];
}

/** The call that the selection is about, if any. */
export function callOf(desk: DeskSnapshot, selection: Selection): CallView | null {
  if (selection.kind === 'call') {
    return desk.calls.find((call) => call.activity_id === selection.id) ?? null;
  }
  if (selection.kind === 'customer') {
    return desk.calls.findLast((call) => call.customer?.id === selection.id) ?? null;
  }
  return null;
}
