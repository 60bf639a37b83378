import { describe, expect, it } from 'vitest';
import type { JourneyPage, Request } from '../api/types.ts';
import type { LiveEvent } from './events.ts';
import { applyToJourney, mergeHead, NO_FILTER } from './resources.ts';

const EMMA = 'emma';
const kettle = {
  id: 'kettle',
  number: 7,
  customer_id: EMMA,
  title: 'The kettle leaks',
  status: 'active',
  owner_id: 'aiko',
  created_at: '2026-11-20T10:00:00Z',
  created_by: 'Aiko',
  closed_at: null,
  closed_by: null,
} as unknown as Request;
const closed = {
  ...kettle,
  status: 'closed',
  closed_at: '2026-11-22T10:00:00Z',
  closed_by: 'Sven',
} as Request;
const none: JourneyPage[] = [{ position: 1, items: [], next_cursor: null, requests: [] }];

const changed = (request: Request) =>
  ({ pos: 2, type: 'request.changed', at: '', payload: { request } }) as unknown as LiveEvent;
const shown = (pages: JourneyPage[]) =>
  pages.flatMap((page) => page.requests.map((one) => `${one.kind} by ${one.by_name}`));
const told = (pages: JourneyPage[], request: Request, filter = NO_FILTER) =>
  applyToJourney(pages, EMMA, filter, changed(request));

describe('the requests on the time line after an event', () => {
  it('are opened and closed at once, and titled as they are now', () => {
    const opened = told(none, kettle);
    expect(shown(opened)).toEqual(['opened by Aiko']);
    const both = told(opened, { ...closed, title: 'It leaks' });
    expect(shown(both)).toEqual(['closed by Sven', 'opened by Aiko']);
    expect(both[0]?.requests.map((one) => one.request.title)).toEqual(['It leaks', 'It leaks']);
    expect(shown(told(both, kettle))).toEqual(['opened by Aiko']);
  });

  it('leave with a request that never was, or that another customer has now', () => {
    const opened = told(none, kettle);
    const discarded = { type: 'request.discarded', payload: { request_id: 'kettle' } };
    expect(shown(applyToJourney(opened, EMMA, NO_FILTER, discarded as LiveEvent))).toEqual([]);
    expect(shown(told(opened, { ...kettle, customer_id: 'jane' }))).toEqual([]);
  });

  it('wait for their page where they are older than what was fetched', () => {
    // The cursor is a key made on 21 November 2026.
    const cursor = '019fbe2c-8000-7000-8000-000000000000'.replace(
      /^.{13}/u,
      Date.parse('2026-11-21T00:00:00Z')
        .toString(16)
        .padStart(12, '0')
        .replace(/^(.{8})/u, '$1-'),
    );
    const pages = [{ position: 1, items: [], next_cursor: cursor, requests: [] }];
    expect(shown(told(pages, closed))).toEqual(['closed by Sven']);
  });

  it('are narrowed by request, owner and date, and are of no channel and no tag', () => {
    const with_ = (change: object) => shown(told(none, closed, { ...NO_FILTER, ...change }));
    expect(with_({ request: 'kettle' })).toHaveLength(2);
    expect(with_({ request: 'other' })).toEqual([]);
    expect(with_({ agent: 'bilal' })).toEqual([]);
    expect(with_({ agent: 'aiko' })).toHaveLength(2);
    expect(with_({ from: '2026-11-21T00:00:00Z' })).toEqual(['closed by Sven']);
    expect(with_({ to: '2026-11-21T00:00:00Z' })).toEqual(['opened by Aiko']);
    expect(with_({ channel: 'voice' })).toEqual([]);
    expect(with_({ tag: 'invoice' })).toEqual([]);
  });

  it('stand once when the first page is fetched anew', () => {
    const head = told(none, closed)[0] as JourneyPage;
    expect(shown(mergeHead(told(none, kettle), head))).toEqual([
      'closed by Sven',
      'opened by Aiko',
    ]);
  });
});
