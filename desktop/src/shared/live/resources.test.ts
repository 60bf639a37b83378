import { describe, expect, it } from 'vitest';
import type { Activity, Interaction, JourneyPage } from '../api/types.ts';
import type { LiveEvent } from './events.ts';
import { applyToJourney, NO_FILTER, needsActivities } from './resources.ts';

const CUSTOMER = 'customer-1';

const comment = {
  id: 'comment-1',
  text: 'wants a call back',
  author_name: 'Aiko',
  at: '2026-11-22T10:01:00Z',
};
const leg = {
  id: 'leg-1',
  interaction_id: 'call-1',
  started_at: '2026-11-22T10:00:00Z',
  ended_at: null,
  wrap_ups: [],
  fields: {},
  comments: [comment],
};
const call = {
  id: 'call-1',
  customer_id: CUSTOMER,
  started_at: '2026-11-22T10:00:00Z',
  state: 'in_progress',
  activities: [leg],
};
const pages = [
  { position: 1, items: [call], next_cursor: null, requests: [] },
] as unknown as JourneyPage[];

/** What the server sends: no activities in an interaction, no unchanged comments in an activity. */
function told(type: 'interaction.changed' | 'activity.changed', thing: object): LiveEvent {
  const payload =
    type === 'interaction.changed'
      ? { interaction: thing }
      : { activity: thing, customer_id: CUSTOMER };
  return { pos: 2, type, at: '2026-11-22T10:02:00Z', payload } as LiveEvent;
}

function first(changed: JourneyPage[]): Interaction {
  return changed[0]?.items[0] as Interaction;
}

describe('the journey after an event', () => {
  it('shows that a call ended and keeps its activities, which the event leaves out', () => {
    const { activities: _, ...ended } = { ...call, state: 'ended' };
    const event = told('interaction.changed', ended);
    expect(needsActivities(pages, CUSTOMER, event)).toBe(false);
    const changed = first(applyToJourney(pages, CUSTOMER, NO_FILTER, event));
    expect(changed.state).toBe('ended');
    expect(changed.activities).toEqual([leg]);
  });

  it('shows the end of a leg and keeps its comments, which the event leaves out', () => {
    const { comments: _c, wrap_ups: _w, ...ended } = { ...leg, ended_at: '2026-11-22T10:02:00Z' };
    const changed = first(
      applyToJourney(pages, CUSTOMER, NO_FILTER, told('activity.changed', ended)),
    );
    expect(changed.activities[0]?.ended_at).toBe('2026-11-22T10:02:00Z');
    expect(changed.activities[0]?.comments).toEqual([comment]);
  });

  it('takes in a leg that it did not know', () => {
    const second = {
      id: 'leg-2',
      interaction_id: 'call-1',
      started_at: '2026-11-22T10:01:30Z',
      ended_at: null,
    };
    const changed = first(
      applyToJourney(pages, CUSTOMER, NO_FILTER, told('activity.changed', second)),
    );
    expect(changed.activities.map((one: Activity) => [one.id, one.comments.length])).toEqual([
      ['leg-1', 1],
      ['leg-2', 0],
    ]);
  });

  it('asks for the activities of a call that came to this customer', () => {
    const { activities: _, ...moved } = { ...call, id: 'call-2' };
    const event = told('interaction.changed', moved);
    expect(needsActivities(pages, CUSTOMER, event)).toBe(true);
    expect(applyToJourney(pages, CUSTOMER, NO_FILTER, event)[0]?.items).toHaveLength(2);
  });
});
