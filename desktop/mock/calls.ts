import type { CallView, Candidate, Customer, Interaction } from '../src/shared/api/types.ts';
import { summaryOf } from '../src/shared/live/reducer.ts';
import { newId, TEAM } from './data.ts';
import type { World } from './world.ts';

const WRAP_UP_MS = 60_000;
const UNKNOWN = 'unlinked';

export interface CallScript {
  /** Name of a customer to call as; none makes an unknown caller. */
  caller?: string;
  callerName?: string;
  ani?: string;
  several?: boolean;
  note?: string;
}

function candidatesOf(world: World, ani: string): Candidate[] {
  return [...world.customers.values()]
    .filter((one) => one.phone_1 === ani)
    .map((customer, index) => ({
      customer: summaryOf(customer),
      last_contact_at: index === 1 ? null : new Date(Date.now() - (index + 1) * 7e6).toISOString(),
      last_agent: index === 1 ? null : 'Bilal Haddad',
      reason: 'same_address',
    }));
}

export function ring(world: World, script: CallScript): CallView {
  const customer = [...world.customers.values()].find((one) => one.display_name === script.caller);
  const ani = script.ani ?? customer?.phone_1 ?? '+46 70 123 45 67';
  const now = new Date().toISOString();
  const call: CallView = {
    activity_id: newId(),
    interaction_id: newId(),
    state: 'ringing',
    since: now,
    direction: 'inbound',
    call_type: script.note ? 'transfer' : 'inbound',
    ani,
    dnis: '+46 8 400 100 00',
    queue: 'support',
    caller_name: script.callerName ?? null,
    started_at: now,
    answered_at: null,
    ended_at: null,
    wrap_up_until: null,
    customer: customer ? summaryOf(customer) : null,
    candidates: script.several ? candidatesOf(world, ani) : [],
    request: null,
    note_from: script.note ? { agent_name: 'Bilal Haddad', text: script.note } : null,
    channel: 'voice',
    by_hand: false,
    proposed_request: null,
    unused_request: null,
  };
  world.journeyOf(customer?.id ?? UNKNOWN).unshift(interactionOf(call));
  world.tell('call.changed', { call });
  if (customer) tellInteraction(world, call, customer);
  return call;
}

function interactionOf(call: CallView): Interaction {
  return {
    id: call.interaction_id,
    customer_id: call.customer?.id ?? null,
    candidates: call.candidates.map((one) => one.customer.id),
    channel: 'voice',
    direction: call.direction,
    ani: call.ani,
    dnis: call.dnis,
    queue: call.queue,
    caller_name: call.caller_name,
    started_at: call.started_at,
    answered_at: call.answered_at,
    ended_at: call.ended_at,
    duration_s: null,
    type: 'agent',
    state: call.ended_at ? 'ended' : 'in_progress',
    result: call.ended_at ? 'answered' : null,
    source: 'mock',
    external_id: null,
    request_id: null,
    request: null,
    standalone: false,
    activities: [
      {
        id: call.activity_id,
        interaction_id: call.interaction_id,
        kind: 'agent',
        call_type: call.call_type,
        agent_id: null,
        agent_name: 'Aiko Tanaka',
        team_name: TEAM.name,
        extension: '1001',
        started_at: call.started_at,
        answered_at: call.answered_at,
        ended_at: call.ended_at,
        duration_s: call.ended_at ? 42 : null,
        outcome: call.answered_at ? 'answered' : null,
        media_type: 'voice',
        wrap_ups: [],
        fields: {},
        tags: [],
        comments: [],
        text: null,
        wrap_up_until: null,
        finished_at: null,
      },
    ],
  };
}

function tellInteraction(world: World, call: CallView, customer: Customer): void {
  const opened = { customer: summaryOf(customer), opened_at: call.started_at, by: 'pop' as const };
  world.tell('desk.customer_opened', { open: opened });
  const { activities, ...interaction } = interactionOf(call);
  world.tell('interaction.changed', { interaction });
  for (const activity of activities) {
    world.tell('activity.changed', { activity, customer_id: customer.id });
  }
}

function newest(world: World): CallView | undefined {
  return world.desk.calls.at(-1);
}

function change(world: World, change: Partial<CallView>, state: CallView['state']): void {
  const call = newest(world);
  if (!call) return;
  const since = new Date().toISOString();
  const next = { ...call, ...change, state, since };
  world.tell('call.changed', { call: next });
}

export function answer(world: World): void {
  change(world, { answered_at: new Date().toISOString() }, 'talking');
}

export function hold(world: World): void {
  change(world, {}, 'hold');
}

export function hangUp(world: World): void {
  const until = new Date(Date.now() + WRAP_UP_MS).toISOString();
  change(world, { ended_at: new Date().toISOString(), wrap_up_until: until }, 'wrap_up');
}

export function close(world: World, reason: 'missed' | 'finished', id?: string): void {
  const call = world.desk.calls.find((one) => one.activity_id === id) ?? newest(world);
  if (!call) return;
  const { activity_id, interaction_id } = call;
  world.tell('call.closed', { activity_id, interaction_id, reason });
  if (reason === 'missed' && call.customer) {
    world.tell('desk.customer_closed', { customer: call.customer });
  }
}

/** Links a call's interaction to a customer, as the chooser and the form do. */
export function link(world: World, interactionId: string, customer: Customer): void {
  const old = world.findInteraction(interactionId);
  if (old) {
    for (const [id, list] of world.journeys) {
      world.journeys.set(
        id,
        list.filter((one) => one.id !== interactionId),
      );
    }
    old.customer_id = customer.id;
    world.journeyOf(customer.id).unshift(old);
  }
  const call = world.desk.calls.find((one) => one.interaction_id === interactionId);
  if (call) {
    const next = { ...call, customer: summaryOf(customer), candidates: [] };
    world.tell('call.changed', { call: next });
    tellInteraction(world, next, customer);
  } else if (old) {
    const { activities: _own, ...interaction } = old;
    world.tell('interaction.changed', { interaction });
  }
}
