import { describe, expect, it } from 'vitest';
import { call, desk, event, summary } from '../../shared/live/fixtures.ts';
import { newestCall, popActs } from './pop.ts';

const idle = { path: '/desk', typing: false };
const typing = { path: '/desk/customers/anna', typing: true };
const known = call('a', { customer: summary('edward') });
const comes = (one = known) => event('call.changed', { call: one });

describe('a call that comes', () => {
  it('is announced and opens its customer', () => {
    expect(popActs(desk(), comes(), idle)).toEqual([
      { act: 'announce', call: known },
      { act: 'show', path: '/desk/customers/edward' },
    ]);
  });

  it('opens the call itself when nobody knows the caller', () => {
    const unknown = call('a');
    expect(popActs(desk(), comes(unknown), idle)).toContainEqual({
      act: 'show',
      path: '/desk/calls/a',
    });
  });

  it('waits when something is being typed in another card', () => {
    expect(popActs(desk(), comes(), typing)).toEqual([
      { act: 'announce', call: known },
      { act: 'wait', activityId: 'a' },
    ]);
  });

  it('neither moves nor waits when its own card is the one being typed in', () => {
    const attention = { path: '/desk/customers/edward', typing: true };
    expect(popActs(desk(), comes(), attention)).toEqual([{ act: 'announce', call: known }]);
  });

  it('is announced once, however often it changes', () => {
    const before = desk({ calls: [known] });
    const answered = { ...known, state: 'talking' as const };
    expect(popActs(before, comes(answered), idle)).toEqual([]);
  });

  it('is not announced when one dials oneself', () => {
    const outbound = { ...known, direction: 'outbound' as const };
    expect(popActs(desk(), comes(outbound), idle)).toEqual([
      { act: 'show', path: '/desk/customers/edward' },
    ]);
  });

  it('does not pop when it is told of only in its wrap-up', () => {
    const over = { ...known, state: 'wrap_up' as const };
    expect(popActs(desk(), comes(over), idle)).toEqual([]);
  });
});

describe('where cards open at the answer', () => {
  const settings = { default_region: 'SE', pop_at: 'answer' as const };
  const answered = { ...known, state: 'talking' as const };

  it('a call that rings is announced and opens nothing', () => {
    expect(popActs(desk({ settings }), comes(), idle)).toEqual([{ act: 'announce', call: known }]);
  });

  it('the answer opens the customer, once', () => {
    const opens = [{ act: 'show', path: '/desk/customers/edward' }];
    expect(popActs(desk({ settings, calls: [known] }), comes(answered), idle)).toEqual(opens);
    const held = { ...known, state: 'hold' as const };
    expect(popActs(desk({ settings, calls: [answered] }), comes(held), idle)).toEqual([]);
  });

  it('one who dials sees the customer at once', () => {
    const outbound = { ...known, direction: 'outbound' as const };
    expect(popActs(desk({ settings }), comes(outbound), idle)).toEqual([
      { act: 'show', path: '/desk/customers/edward' },
    ]);
  });
});

describe('a caller who becomes known', () => {
  const before = desk({ calls: [call('a')] });

  it('is shown to who looks at the call, also while typing', () => {
    for (const isTyping of [true, false]) {
      const attention = { path: '/desk/calls/a', typing: isTyping };
      expect(popActs(before, comes(), attention)).toEqual([
        { act: 'show', path: '/desk/customers/edward' },
      ]);
    }
  });

  it('disturbs nobody who looks elsewhere', () => {
    expect(popActs(before, comes(), { path: '/desk/customers/anna', typing: false })).toEqual([]);
  });
});

describe('a call that is closed', () => {
  it('no longer waits', () => {
    const ids = { activity_id: 'a', interaction_id: 'i' };
    const told = event('call.closed', { ...ids, reason: 'missed' });
    expect(popActs(desk({ calls: [known] }), told, typing)).toEqual([
      { act: 'forget', activityId: 'a' },
    ]);
  });
});

describe('the newest call', () => {
  const talking = call('t', { state: 'talking' });
  const ringing = call('r');
  const wrapUp = call('w', { state: 'wrap_up' });

  it('is one that waits before one that rings before any other', () => {
    const calls = [talking, ringing, wrapUp];
    expect(newestCall(calls, ['t'])).toBe(talking);
    expect(newestCall(calls, [])).toBe(ringing);
    expect(newestCall([talking, wrapUp], [])).toBe(wrapUp);
    expect(newestCall([], [])).toBeNull();
  });
});
