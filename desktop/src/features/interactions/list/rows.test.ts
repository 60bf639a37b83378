import { expect, it } from 'vitest';
import type { InteractionRow, Page } from '../../../shared/api/types.ts';
import type { LiveEvent, ToldInteraction } from '../../../shared/live/events.ts';
import { applyToRows, needsAsking } from './rows.ts';

const ROW: InteractionRow = {
  id: 'i1',
  customer_id: 'emma',
  customer_name: 'Emma Woodhouse',
  candidates: 0,
  channel: 'voice',
  direction: 'inbound',
  ani: '+442079460958',
  dnis: null,
  queue: 'support',
  caller_name: null,
  started_at: '2026-11-22T10:00:00Z',
  answered_at: null,
  ended_at: null,
  duration_s: null,
  type: 'agent',
  state: 'in_progress',
  result: null,
  source: 'pbx',
  external_id: 'c-1',
  request_id: null,
  request_number: null,
  request_title: null,
  agents: ['Aiko'],
  tags: [],
  wrap_up: null,
};
const PAGE: Page<InteractionRow> = {
  items: [ROW],
  page: 1,
  page_size: 50,
  total: 1,
  total_is_estimate: false,
};

function told(change: Partial<ToldInteraction>): LiveEvent {
  const { customer_name: _n, request_number: _r, request_title: _t, request_id: _i, ...rest } = ROW;
  const { agents: _a, tags: _g, wrap_up: _w, ...plain } = rest;
  const interaction = { ...plain, candidates: [], ...change } as ToldInteraction;
  return { pos: 1, at: '', type: 'interaction.changed', payload: { interaction } };
}

it('a row shows that its call has ended, and keeps what the event does not tell', () => {
  const event = told({ state: 'ended', duration_s: 65, result: 'answered' });
  const [row] = applyToRows(PAGE, event).items;
  expect(row).toEqual({ ...ROW, state: 'ended', duration_s: 65, result: 'answered' });
  expect(needsAsking(PAGE, event)).toBe(false);
});

it('a row shows the request that was chosen, and its new title', () => {
  const request = { id: 'r1', number: 1042, title: 'Wrong invoice', status: 'active' } as const;
  const chosen = applyToRows(PAGE, told({ request_id: 'r1', request }));
  expect(chosen.items[0]).toMatchObject({ request_number: 1042, request_title: 'Wrong invoice' });
  const renamed = { pos: 2, at: '', type: 'request.changed' } as const;
  const payload = { request: { ...request, title: 'Refund' }, changed: ['title'], by_name: 'Sven' };
  const after = applyToRows(chosen, { ...renamed, payload } as unknown as LiveEvent);
  expect(after.items[0]?.request_title).toBe('Refund');
});

it('the list is asked for anew for what is not on the page, for another customer, and for tags and agents', () => {
  expect(needsAsking(PAGE, told({ id: 'i2' }))).toBe(true);
  expect(needsAsking(undefined, told({}))).toBe(true);
  const relinked = told({ customer_id: 'jane' });
  expect(needsAsking(PAGE, relinked)).toBe(true);
  expect(applyToRows(PAGE, relinked).items[0]?.customer_name).toBeNull();
  const activity = { interaction_id: 'i1' };
  const changed = { pos: 3, at: '', type: 'activity.changed', payload: { activity } };
  expect(needsAsking(PAGE, changed as unknown as LiveEvent)).toBe(true);
});

it('an event about something else leaves the page as it is', () => {
  const event = { pos: 4, at: '', type: 'wrap_up_codes.used', payload: { code: 'x' } } as const;
  expect(applyToRows(PAGE, event)).toBe(PAGE);
  expect(applyToRows(PAGE, told({ id: 'i2' }))).toBe(PAGE);
});
