import { describe, expect, it } from 'vitest';
import { call, desk, summary } from '../../shared/live/fixtures.ts';
import type { Drafts } from '../customers/drafts.ts';
import { callOf, deskRows, isPresent, neighbour, step } from './rows.ts';

const NOTHING: Drafts = { edits: {}, created: [] };
const open = (id: string, minute: number) => ({
  customer: summary(id),
  opened_at: `2026-11-22T10:0${minute}:00Z`,
  by: 'choice' as const,
});
const form = (id: string, written: boolean, interactionId: string | null = null) => ({
  id,
  interactionId,
  fields: {},
  written,
});
const paths = (...args: Parameters<typeof deskRows>) => deskRows(...args).map((row) => row.path);

describe('the rows of OPEN', () => {
  it('stand as unknown calls, customers on the line, forms, then the one opened last first', () => {
    const state = desk({
      open: [open('anna', 1), open('edward', 2), open('hanako', 3)],
      calls: [call('a', { customer: summary('anna') }), call('b')],
    });
    expect(paths(state, { edits: {}, created: [form('f', false)] })).toEqual([
      '/desk/calls/b',
      '/desk/customers/anna',
      '/desk/new/f',
      '/desk/customers/hanako',
      '/desk/customers/edward',
    ]);
  });

  it('hold the customer of a call before anybody told that it is open', () => {
    const state = desk({ calls: [call('a', { customer: summary('edward') })] });
    expect(deskRows(state, NOTHING)).toMatchObject([
      { kind: 'customer', customer: { id: 'edward' }, call: { activity_id: 'a' } },
    ]);
  });

  it('keep what was written for a call that is over, but not a form nobody wrote in', () => {
    expect(paths(desk(), { edits: {}, created: [form('gone', true, 'i')] })).toEqual([
      '/desk/new/gone',
    ]);
    expect(paths(desk(), { edits: {}, created: [form('gone', false, 'i')] })).toEqual([]);
  });

  it('show a form once, with its call while that lasts', () => {
    const created = [form('b', true, 'i')];
    const rows = deskRows(desk({ calls: [call('b')] }), { edits: {}, created });
    expect(rows).toMatchObject([{ path: '/desk/calls/b', unsaved: true }]);
  });

  it('say what is not saved', () => {
    const edits = { edward: { email: { value: 'new@example.test', base: null } } };
    const state = desk({ open: [open('edward', 1), open('anna', 0)] });
    const rows = deskRows(state, { edits, created: [] });
    expect(rows.map((row) => row.unsaved)).toEqual([true, false]);
  });
});

describe('moving among the rows', () => {
  const rows = deskRows(desk({ open: [open('a', 3), open('b', 2), open('c', 1)] }), NOTHING);

  it('goes around the ends', () => {
    expect(step(rows, '/desk/customers/c', 1)?.path).toBe('/desk/customers/a');
    expect(step(rows, '/desk/customers/a', -1)?.path).toBe('/desk/customers/c');
  });

  it('begins at the end it comes from', () => {
    expect(step(rows, '/desk', 1)?.path).toBe('/desk/customers/a');
    expect(step(rows, '/desk', -1)?.path).toBe('/desk/customers/c');
    expect(step([], '/desk', 1)).toBeUndefined();
  });

  it('takes the row that moved up when the one shown is gone', () => {
    const left = rows.filter((row) => row.path !== '/desk/customers/b');
    expect(neighbour(rows, left, '/desk/customers/b')?.path).toBe('/desk/customers/c');
    expect(neighbour(left, left.slice(0, 1), '/desk/customers/c')?.path).toBe('/desk/customers/a');
    expect(neighbour(rows, [], '/desk/customers/a')).toBeUndefined();
    expect(isPresent(left, '/desk/customers/b')).toBe(false);
  });
});

describe('the call that is looked at', () => {
  const state = desk({
    calls: [call('a', { customer: summary('edward') }), call('b')],
  });

  it('is found by its customer or by itself', () => {
    expect(callOf(state, { kind: 'customer', id: 'edward' })?.activity_id).toBe('a');
    expect(callOf(state, { kind: 'call', id: 'b' })?.activity_id).toBe('b');
    expect(callOf(state, { kind: 'customer', id: 'anna' })).toBeNull();
    expect(callOf(state, { kind: 'none' })).toBeNull();
  });
});
