import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { noticeStore } from '../../shared/ui/notices.ts';
import { type Entered, finishInTime, keepApart } from './keeping.ts';

const LEG = '01890000-0000-7000-8000-000000000001';
const NOTE: Entered = { code: null, note: 'Calls back on Friday', fields: {} };

type Refusal = { status: number; fields?: string[] } | 'network';
let refuse: (path: string, body: Record<string, unknown>) => Refusal | null = () => null;
let taken: [string, unknown][] = [];

beforeEach(() => {
  taken = [];
  refuse = () => null;
  noticeStore.set([]);
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    const path = url.replace('/api/v1', '').replace(LEG, 'leg');
    const body = JSON.parse(String(init.body)) as Record<string, unknown>;
    const refusal = refuse(path, body);
    if (refusal === 'network') return Promise.reject(new TypeError('no answer'));
    if (refusal) {
      const errors = refusal.fields?.map((field) => ({ field, code: 'x', message: 'Wrong.' }));
      return Promise.resolve(
        new Response(JSON.stringify({ title: 'Refused', errors: errors ?? [] }), {
          status: refusal.status,
        }),
      );
    }
    taken.push([path, body]);
    return Promise.resolve(new Response('{}', { status: 200 }));
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  noticeStore.set([]);
});

const late = (path: string) => path.startsWith('/desk/') && ({ status: 409 } as const);

describe('what was entered in a wrap-up', () => {
  it('goes with the end of the call when that is taken', async () => {
    await finishInTime(LEG, NOTE);
    expect(taken).toEqual([['/desk/calls/leg/finish', { note: NOTE.note }]]);
    expect(noticeStore.get()).toEqual([]);
  });

  it('is kept on the leg when the call has left the desk before', async () => {
    refuse = (path) => late(path) || null;
    await finishInTime(LEG, NOTE);
    await finishInTime(LEG, { code: 'billing', note: 'As PDF', fields: { order: 'A1' } });
    expect(taken).toEqual([
      ['/activities/leg/comments', { text: NOTE.note }],
      ['/activities/leg/wrap-up', { code: 'billing', note: 'As PDF' }],
      ['/activities/leg', { fields: { order: 'A1' } }],
    ]);
    expect(noticeStore.get()).toEqual([]);
  });

  it('is kept but for the field that is wrong, which is named in its own words until it is seen', async () => {
    refuse = (path, body) =>
      late(path) ||
      ('amount' in ((body.fields as object | undefined) ?? {})
        ? { status: 422, fields: ['fields.amount'] }
        : null);
    await finishInTime(LEG, { code: 'billing', note: '', fields: { amount: 'ten', order: 'A1' } });
    expect(taken).toEqual([
      ['/activities/leg/wrap-up', { code: 'billing' }],
      ['/activities/leg', { fields: { order: 'A1' } }],
    ]);
    expect(noticeStore.get()).toMatchObject([
      { key: 'notice.entryNotSaved', values: { text: 'ten' }, lasting: true },
    ]);
  });

  it('keeps its note when the outcome has gone out of use', async () => {
    refuse = (path) => (path.endsWith('/wrap-up') ? { status: 422, fields: ['code'] } : null);
    await keepApart(LEG, { code: 'gone', note: 'As PDF', fields: {} });
    expect(taken).toEqual([['/activities/leg/comments', { text: 'As PDF' }]]);
    expect(noticeStore.get()).toMatchObject([{ key: 'notice.wrapUpNotSaved', lasting: true }]);
  });

  it('stands in a notice while nothing answers, and can be sent again', async () => {
    refuse = () => 'network';
    await finishInTime(LEG, NOTE);
    const [notice] = noticeStore.get();
    expect(notice).toMatchObject({ values: { text: NOTE.note }, lasting: true });
    refuse = () => null;
    notice?.action?.run();
    await vi.waitFor(() =>
      expect(taken).toEqual([['/activities/leg/comments', { text: NOTE.note }]]),
    );
  });
});
