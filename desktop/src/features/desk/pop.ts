import type { CallView, DeskSnapshot, Uuid } from '../../shared/api/types.ts';
import type { LiveEvent } from '../../shared/live/events.ts';
import { callPath, selectionOf } from './selection.ts';

/** What a person at the desk is doing when something about a call is told. */
export interface Attention {
  /** The address shown. */
  path: string;
  /** Whether something is being typed, or was typed and not saved, in the card shown. */
  typing: boolean;
}

/** What the desk does of itself about a fact. */
export type PopAct =
  | { act: 'show'; path: string }
  | { act: 'wait'; activityId: Uuid }
  | { act: 'announce'; call: CallView }
  | { act: 'forget'; activityId: Uuid };

function arrives(before: DeskSnapshot, call: CallView): boolean {
  return (
    call.state !== 'wrap_up' &&
    !before.calls.some((known) => known.activity_id === call.activity_id)
  );
}

/** Whether the card opens now: as the telephone rings or, where the operator has it so, at the answer. */
function comesUp(before: DeskSnapshot, call: CallView): boolean {
  if (before.settings.pop_at === 'ringing' || call.direction === 'outbound') {
    return arrives(before, call);
  }
  const known = before.calls.find((one) => one.activity_id === call.activity_id);
  const isTalking = (one: CallView) => one.state === 'talking' || one.state === 'hold';
  return isTalking(call) && !(known && isTalking(known));
}

function onCall(before: DeskSnapshot, call: CallView, attention: Attention): PopAct[] {
  const path = callPath(call);
  const arrived = arrives(before, call);
  const acts: PopAct[] = [];
  if (arrived && call.direction === 'inbound' && !call.by_hand)
    acts.push({ act: 'announce', call });
  if (comesUp(before, call)) {
    if (attention.path === path) return acts;
    acts.push(
      attention.typing ? { act: 'wait', activityId: call.activity_id } : { act: 'show', path },
    );
    return acts;
  }
  if (arrived) return acts;
  // The caller was chosen or created: who looks at the call now looks at that customer.
  const selection = selectionOf(attention.path);
  const looking = selection.kind === 'call' && selection.id === call.activity_id;
  return looking && call.customer ? [{ act: 'show', path }] : [];
}

/**
 * The rule of the pop (product.md 4.5, 4.6): a call that comes opens its card by itself only when
 * nothing is being typed in another one; otherwise its row waits to be gone to.
 */
export function popActs(before: DeskSnapshot, event: LiveEvent, attention: Attention): PopAct[] {
  if (event.type === 'call.changed') return onCall(before, event.payload.call, attention);
  if (event.type === 'call.closed') {
    return [{ act: 'forget', activityId: event.payload.activity_id }];
  }
  return [];
}

/** The call one goes to by Alt+Enter: one that waits, else one that rings, else the newest. */
export function newestCall(calls: readonly CallView[], waiting: readonly Uuid[]): CallView | null {
  return (
    calls.findLast((call) => waiting.includes(call.activity_id)) ??
    calls.findLast((call) => call.state === 'ringing') ??
    calls.at(-1) ??
    null
  );
}
