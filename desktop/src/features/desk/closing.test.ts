import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { desk, summary } from '../../shared/live/fixtures.ts';
import { draftStore, setEdit, startDraft, unsavedFields } from '../customers/drafts.ts';
import { closeCustomer } from './actions.ts';
import { askClose, closeRow, closingStore } from './closing.ts';
import { type DeskRow, deskRows } from './rows.ts';

vi.mock('./actions.ts', () => ({ closeCustomer: vi.fn(() => Promise.resolve()) }));

function rows(): DeskRow[] {
  const open = {
    customer: summary('emma'),
    opened_at: '2026-11-22T10:00:00Z',
    by: 'choice' as const,
  };
  return deskRows(desk({ open: [open] }), draftStore.get());
}

function row(kind: DeskRow['kind']): DeskRow {
  const found = rows().find((one) => one.kind === kind);
  if (!found) throw new Error(`no ${kind}`);
  return found;
}

beforeEach(() => vi.mocked(closeCustomer).mockClear());
afterEach(() => {
  draftStore.set({ edits: {}, created: [] });
  closingStore.set(null);
});

it('a customer in whom nothing was typed closes at once', () => {
  askClose(row('customer'));
  expect(closeCustomer).toHaveBeenCalledWith('emma');
  expect(closingStore.get()).toBeNull();
});

it('what was typed and not saved is asked about before its customer closes', () => {
  setEdit('emma', 'first_name', { value: 'Emmy', base: null });
  askClose(row('customer'));
  expect(closeCustomer).not.toHaveBeenCalled();
  expect(closingStore.get()?.kind).toBe('customer');
  closeRow(row('customer'));
  expect(closeCustomer).toHaveBeenCalledWith('emma');
  expect(unsavedFields(draftStore.get(), 'emma')).toEqual({});
});

it('a customer that is not created yet is asked about', () => {
  startDraft();
  askClose(row('draft'));
  expect(closingStore.get()?.kind).toBe('draft');
  closeRow(row('draft'));
  expect(draftStore.get().created).toEqual([]);
});
