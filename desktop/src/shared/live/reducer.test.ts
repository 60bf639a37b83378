import { describe, expect, it } from 'vitest';
import type { DeskSnapshot } from '../api/types.ts';
import type { LiveEvent } from './events.ts';
import { activity, call, customer, desk, event, interaction, summary } from './fixtures.ts';
import { apply, fromSnapshot, PREVIOUS_LIMIT, summaryOf } from './reducer.ts';

const OPENED = '2026-11-22T10:00:00Z';
const deskAfter = (before: DeskSnapshot, told: LiveEvent) => apply(fromSnapshot(before), told);
const open = (id: string) => ({ customer: summary(id), opened_at: OPENED, by: 'pop' as const });

describe('the desk after an event', () => {
  it('stands at the position of the event', () => {
    const told = event('cti.changed', { cti: desk().cti }, 17);
    expect(deskAfter(desk(), told).desk.position).toBe(17);
  });

  it('does not change by an event that it knew already', () => {
    const state = fromSnapshot(desk({ position: 20 }));
    for (const pos of [19, 20]) {
      expect(apply(state, event('call.changed', { call: call('a') }, pos))).toBe(state);
    }
  });

  it('never changes the state that it was given', () => {
    const before = fromSnapshot(desk({ calls: [call('a')], open: [open('edward')] }));
    const copy = structuredClone(before);
    apply(before, event('call.changed', { call: call('a', { state: 'talking' }) }));
    apply(before, event('desk.customer_closed', { customer: summary('edward') }));
    apply(before, event('customer.changed', { customer: customer({ version: 2 }) }));
    expect(before).toEqual(copy);
  });

  it('keeps its position and shape with an event that this page does not know', () => {
    const unknown = { pos: 11, type: 'moon.rose', at: OPENED, payload: {} } as unknown as LiveEvent;
    expect(deskAfter(desk(), unknown).desk).toEqual(desk({ position: 11 }));
  });
});

describe('calls', () => {
  it('come in the order in which they started', () => {
    const later = call('b', { started_at: '2026-11-22T10:05:00Z' });
    const state = deskAfter(desk({ calls: [later] }), event('call.changed', { call: call('a') }));
    expect(state.desk.calls.map((one) => one.activity_id)).toEqual(['a', 'b']);
  });

  it('are replaced whole when they change', () => {
    const changed = call('a', { state: 'talking', customer: summary('edward') });
    const state = deskAfter(desk({ calls: [call('a')] }), event('call.changed', { call: changed }));
    expect(state.desk.calls).toEqual([changed]);
  });

  it.each(['answered_elsewhere', 'missed', 'ended', 'finished'] as const)(
    'leave the desk when closed as %s, and only they',
    (reason) => {
      const told = event('call.closed', { activity_id: 'a', interaction_id: 'i', reason });
      const state = deskAfter(desk({ calls: [call('a'), call('b')] }), told);
      expect(state.desk.calls.map((one) => one.activity_id)).toEqual(['b']);
    },
  );
});

describe('CTI', () => {
  it('is as told last', () => {
    const cti = { logged_in: false, state: 'logged_out' as const, since: null };
    expect(deskAfter(desk(), event('cti.changed', { cti })).desk.cti).toEqual(cti);
  });
});

describe('open customers', () => {
  it('are added and are no longer among the previous ones', () => {
    const before = desk({ previous: [summary('edward'), summary('anna')] });
    const state = deskAfter(before, event('desk.customer_opened', { open: open('edward') }));
    expect(state.desk.open).toEqual([open('edward')]);
    expect(state.desk.previous.map((one) => one.id)).toEqual(['anna']);
  });

  it('keep their place when told again', () => {
    const before = desk({ open: [open('anna'), open('edward')] });
    const again = { ...open('edward'), by: 'choice' as const };
    const state = deskAfter(before, event('desk.customer_opened', { open: again }));
    expect(state.desk.open).toEqual([open('anna'), again]);
  });

  it('go to the top of the previous ones when closed, of which ten are kept, each once', () => {
    const ids = Array.from({ length: PREVIOUS_LIMIT }, (_, n) => `p${n}`);
    const before = desk({
      open: [open('edward')],
      previous: [...ids.slice(0, 9), 'edward'].map((id) => summary(id)),
    });
    const state = deskAfter(before, event('desk.customer_closed', { customer: summary('edward') }));
    expect(state.desk.open).toEqual([]);
    expect(state.desk.previous.map((one) => one.id)).toEqual(['edward', ...ids.slice(0, 9)]);
    const next = apply(state, event('desk.customer_closed', { customer: summary('anna') }, 12));
    expect(next.desk.previous).toHaveLength(PREVIOUS_LIMIT);
  });
});

describe('a changed customer', () => {
  const changed = customer({ version: 2, display_name: 'E. Ferrars' });

  it.each(['customer.created', 'customer.changed', 'customer.archived'] as const)(
    'shows everywhere on the desk after %s',
    (type) => {
      const old = summary('edward');
      const candidate = {
        customer: old,
        last_contact_at: null,
        last_agent: null,
        reason: 'same_address' as const,
      };
      const before = desk({
        open: [open('edward'), open('anna')],
        previous: [old],
        calls: [call('a', { customer: old }), call('b', { candidates: [candidate] })],
      });
      const { desk: now } = deskAfter(before, event(type, { customer: changed, changed: [] }));
      const told = summaryOf(changed);
      expect(now.open.map((one) => one.customer)).toEqual([told, summary('anna')]);
      expect(now.previous).toEqual([told]);
      expect(now.calls[0]?.customer).toEqual(told);
      expect(now.calls[1]?.candidates[0]?.customer).toEqual(told);
    },
  );

  it('does not replace a newer one', () => {
    const newer = { ...open('edward'), customer: summary('edward', { version: 5 }) };
    const told = event('customer.changed', { customer: changed });
    expect(deskAfter(desk({ open: [newer] }), told).desk.open).toEqual([newer]);
  });

  it('has the city of its primary address', () => {
    const address = { street: '', region: '', postcode: '', country: 'SE', primary: false };
    const addresses = [
      { ...address, city: 'Lund' },
      { ...address, city: 'Umeå', primary: true },
    ];
    expect(summaryOf(customer({ addresses })).city).toBe('Umeå');
    expect(summaryOf(customer()).city).toBeNull();
  });
});

describe('changes by others', () => {
  it('are marked field by field', () => {
    const told = event('customer.changed', {
      customer: customer({ version: 2 }),
      changed: ['email', 'phone_1'],
      by_name: 'Bilal',
    });
    const marks = { 'customer/edward/email': 11, 'customer/edward/phone_1': 11 };
    expect(deskAfter(desk(), told).touched).toEqual(marks);
  });

  it('are not marked when they are one’s own', () => {
    const own = [
      event('customer.changed', { customer: customer(), changed: ['email'], by_name: 'Aiko' }),
      event('activity.changed', { activity: activity(), customer_id: 'edward' }),
      event('comment.added', {
        activity_id: 'leg',
        interaction_id: 'call',
        customer_id: 'edward',
        comment: { id: 'c', text: 'Hello', author_name: 'Aiko', at: OPENED },
      }),
    ];
    for (const told of own) expect(deskAfter(desk(), told).touched).toEqual({});
  });

  it('mark the activity commented on and the interaction worked on', () => {
    const comment = { id: 'c', text: 'Hello', author_name: 'Bilal', at: OPENED };
    const ids = { activity_id: 'leg', interaction_id: 'call', customer_id: 'edward' };
    const first = deskAfter(desk(), event('comment.added', { ...ids, comment }));
    const bilals = activity({ agent_id: 'bilal' });
    const second = apply(
      first,
      event('activity.changed', { activity: bilals, customer_id: 'edward' }, 12),
    );
    expect(second.touched).toEqual({ 'activity/leg': 11, 'interaction/call': 12 });
  });

  it('are forgotten in the end, the oldest first', () => {
    let state = fromSnapshot(desk());
    for (let pos = 11; pos < 311; pos += 1) {
      const bilals = activity({ agent_id: 'bilal', interaction_id: `call ${pos}` });
      state = apply(state, event('activity.changed', { activity: bilals, customer_id: null }, pos));
    }
    const marks = Object.values(state.touched);
    expect(marks).toHaveLength(200);
    expect(Math.min(...marks)).toBe(111);
  });
});

describe('facts about interactions', () => {
  it.each([
    event('interaction.changed', { interaction: interaction() }),
    event('activity.removed', { activity_id: 'leg', interaction_id: 'call', customer_id: null }),
  ])('move only the position of the desk', (told) => {
    expect(deskAfter(desk(), told).desk).toEqual(desk({ position: 11 }));
  });
});

describe('what administrators change', () => {
  const code = (name: string, uses: number, teams: string[] = []) => ({
    code: name,
    labels: { en: name },
    channels: [],
    teams,
    active: true,
    uses,
  });

  it('renews the outcomes and keeps what this desk counted of its own', () => {
    const told = event('wrap_up_codes.changed', {
      wrap_up_codes: [code('new', 0), code('old', 0, ['north'])],
    });
    const after = deskAfter(desk({ wrap_up_codes: [code('old', 7), code('gone', 3)] }), told);
    expect(after.desk.wrap_up_codes).toEqual([code('new', 0), code('old', 7, ['north'])]);
  });

  it('counts an outcome that was given here', () => {
    const before = desk({ wrap_up_codes: [code('a', 1), code('b', 1)] });
    const after = deskAfter(before, event('wrap_up_codes.used', { code: 'b' }));
    expect(after.desk.wrap_up_codes.map((one) => one.uses)).toEqual([1, 2]);
  });

  it('renames the own team and no other', () => {
    const before = desk({ user: { ...desk().user, team: { id: 'north', name: 'North' } } });
    const team = (id: string, name: string) => ({
      id,
      name,
      wrap_up_seconds: 120,
      people: 1,
      switched_off: ['merging' as const],
    });
    const teams = [team('south', 'South-East'), team('north', 'North-West')];
    const after = deskAfter(before, event('teams.changed', { teams }));
    expect(after.desk.user.team).toEqual({ id: 'north', name: 'North-West' });
    // What its team has switched off goes from an agent's desk, and from nobody else's.
    expect(after.desk.user.switched_off).toEqual(['merging']);
    const lead = desk({ user: { ...before.user, roles: ['agent', 'supervisor'] } });
    expect(deskAfter(lead, event('teams.changed', { teams })).desk.user.switched_off).toEqual([]);
    expect(deskAfter(desk(), event('teams.changed', { teams })).desk.user.team).toBeNull();
  });

  it('gives the person another extension', () => {
    const told = event('desk.user_changed', {
      name: 'Aiko T.',
      extension: '2999',
      cti_enabled: false,
      team: null,
      language: 'sv',
      switched_off: [],
    });
    const { user } = deskAfter(desk(), told).desk;
    expect([user.name, user.extension, user.cti_enabled, user.email]).toEqual([
      'Aiko T.',
      '2999',
      false,
      desk().user.email,
    ]);
  });
});
