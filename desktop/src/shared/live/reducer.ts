import type {
  CallView,
  Customer,
  CustomerSummary,
  DeskSnapshot,
  Me,
  OpenCustomer,
  Request,
  RequestTag,
  Team,
  Uuid,
  WrapUpCode,
} from '../api/types.ts';
import type { LiveEvent } from './events.ts';

/** How many closed customers the desk offers to open again (product.md 4.1). */
export const PREVIOUS_LIMIT = 10;
// Marks of recent changes only serve one flash each; old ones need not be remembered.
const TOUCHED_LIMIT = 200;

/** What the desk shows: the snapshot kept current, and which values others changed lately. */
export interface LiveState {
  desk: DeskSnapshot;
  /** `customer/ID/field`, `request/ID/field`, `activity/ID` or `interaction/ID` to the position of its last change by somebody else. */
  touched: Readonly<Record<string, number>>;
}

export function fromSnapshot(desk: DeskSnapshot): LiveState {
  return { desk, touched: {} };
}

/** The short form of a customer, as lists and calls carry it. */
export function summaryOf(customer: Customer): CustomerSummary {
  const address = customer.addresses.find((one) => one.primary) ?? customer.addresses[0];
  return {
    id: customer.id,
    number: customer.number,
    display_name: customer.display_name,
    kind: customer.kind,
    phone_1: customer.phone_1,
    email: customer.email,
    city: address?.city || null,
    preferred_language: customer.preferred_language,
    last_contact_at: customer.last_contact?.at ?? null,
    version: customer.version,
    created_at: customer.created_at,
  };
}

function upsertCall(calls: CallView[], call: CallView): CallView[] {
  const others = calls.filter((one) => one.activity_id !== call.activity_id);
  return [...others, call].sort(
    (a, b) =>
      a.started_at.localeCompare(b.started_at) || a.activity_id.localeCompare(b.activity_id),
  );
}

function openCustomer(desk: DeskSnapshot, open: OpenCustomer): DeskSnapshot {
  const id = open.customer.id;
  const known = desk.open.some((one) => one.customer.id === id);
  return {
    ...desk,
    // A row keeps its place when it is told again: rows must not jump under the pointer.
    open: known
      ? desk.open.map((one) => (one.customer.id === id ? open : one))
      : [open, ...desk.open],
    previous: desk.previous.filter((one) => one.id !== id),
  };
}

function closeCustomer(desk: DeskSnapshot, customer: CustomerSummary): DeskSnapshot {
  const earlier = desk.previous.filter((one) => one.id !== customer.id);
  return {
    ...desk,
    open: desk.open.filter((one) => one.customer.id !== customer.id),
    previous: [customer, ...earlier].slice(0, PREVIOUS_LIMIT),
  };
}

function removeCustomer(desk: DeskSnapshot, id: Uuid): DeskSnapshot {
  return {
    ...desk,
    open: desk.open.filter((one) => one.customer.id !== id),
    previous: desk.previous.filter((one) => one.id !== id),
  };
}

function renewSummary(desk: DeskSnapshot, summary: CustomerSummary): DeskSnapshot {
  const renew = (one: CustomerSummary) =>
    one.id === summary.id && one.version <= summary.version ? summary : one;
  return {
    ...desk,
    open: desk.open.map((one) => ({ ...one, customer: renew(one.customer) })),
    previous: desk.previous.map(renew),
    calls: desk.calls.map((call) => ({
      ...call,
      customer: call.customer && renew(call.customer),
      candidates: call.candidates.map((one) => ({ ...one, customer: renew(one.customer) })),
    })),
  };
}

/** The codes as they are now, with what this desk knows of its own uses. */
function withUses(desk: DeskSnapshot, codes: WrapUpCode[]): WrapUpCode[] {
  const uses = new Map(desk.wrap_up_codes.map((one) => [one.code, one.uses]));
  return codes.map((one) => ({ ...one, uses: uses.get(one.code) ?? 0 }));
}

/** The person after a change of the teams: what an agent works without follows at once. */
function inTeam(user: Me, teams: Team[]): Me {
  const found = teams.find((one) => one.id === user.team?.id);
  if (!found) return user;
  const isAgent = user.roles.every((role) => role === 'agent');
  return {
    ...user,
    team: { id: found.id, name: found.name },
    switched_off: isAgent ? found.switched_off : [],
  };
}

function touch(state: LiveState, keys: string[], pos: number): LiveState['touched'] {
  const next = { ...state.touched };
  for (const key of keys) {
    delete next[key];
    next[key] = pos;
  }
  const surplus = Object.keys(next).length - TOUCHED_LIMIT;
  for (const key of Object.keys(next).slice(0, Math.max(0, surplus))) delete next[key];
  return next;
}

function touchedKeys(state: LiveState, event: LiveEvent): string[] {
  const me = state.desk.user;
  switch (event.type) {
    case 'customer.changed': {
      const { by_name, changed = [], customer } = event.payload;
      return by_name === me.name ? [] : changed.map((field) => `customer/${customer.id}/${field}`);
    }
    case 'request.changed': {
      const { request, changed, by_name } = event.payload;
      return by_name === me.name ? [] : changed.map((field) => `request/${request.id}/${field}`);
    }
    case 'comment.added':
      return event.payload.comment.author_name === me.name
        ? []
        : [`activity/${event.payload.activity_id}`];
    case 'activity.changed':
      return event.payload.activity.agent_id === me.id
        ? []
        : [`interaction/${event.payload.activity.interaction_id}`];
    default:
      return [];
  }
}

function applyToDesk(desk: DeskSnapshot, event: LiveEvent): DeskSnapshot {
  switch (event.type) {
    case 'call.changed':
      return { ...desk, calls: upsertCall(desk.calls, event.payload.call) };
    case 'call.closed':
      return {
        ...desk,
        calls: desk.calls.filter((call) => call.activity_id !== event.payload.activity_id),
      };
    case 'cti.changed':
      return { ...desk, cti: event.payload.cti };
    case 'desk.customer_opened':
      return openCustomer(desk, event.payload.open);
    case 'desk.customer_closed':
      return closeCustomer(desk, event.payload.customer);
    case 'desk.customer_removed':
      return removeCustomer(desk, event.payload.customer_id);
    case 'customer.created':
    case 'customer.changed':
    case 'customer.archived':
    case 'customer.merged':
      return renewSummary(desk, summaryOf(event.payload.customer));
    case 'customer.unmerged':
      return renewSummary(
        renewSummary(desk, summaryOf(event.payload.customer)),
        summaryOf(event.payload.restored),
      );
    case 'desk.customers_changed':
      return { ...desk, open: event.payload.open, previous: event.payload.previous };
    case 'wrap_up_codes.changed':
      return { ...desk, wrap_up_codes: withUses(desk, event.payload.wrap_up_codes) };
    case 'wrap_up_codes.used':
      return {
        ...desk,
        wrap_up_codes: desk.wrap_up_codes.map((one) =>
          one.code === event.payload.code ? { ...one, uses: one.uses + 1 } : one,
        ),
      };
    case 'teams.changed':
      return { ...desk, user: inTeam(desk.user, event.payload.teams) };
    case 'desk.user_changed':
      return { ...desk, user: { ...desk.user, ...event.payload } };
    case 'request.changed':
      return { ...desk, calls: desk.calls.map((call) => retagged(call, event.payload.request)) };
    case 'desk.preference_changed': {
      const { key, value } = event.payload;
      const preferences = { ...desk.user.preferences, [key]: value };
      return { ...desk, user: { ...desk.user, preferences } };
    }
    case 'desk.parts_changed':
    case 'request.discarded':
    case 'schema.request_policies_changed':
    case 'interaction.changed':
    case 'activity.changed':
    case 'activity.removed':
    case 'comment.added':
    case 'schema.requests_changed':
    case 'schema.activities_changed':
    case 'recordings.changed':
    case 'recording_sources.changed':
    case 'duplicates.changed':
    case 'customer.erased':
    case 'customer.erasure_searched':
    case 'schema.conversion_progress':
    case 'account.changed':
    case 'import.changed':
    case 'schema.customers_changed':
    case 'schema.index_progress':
    case 'view.changed':
    case 'view.removed':
    case 'bulk_edit.changed':
      return desk;
    default:
      return unknownEvent(desk, event);
  }
}

/** Whatever shows a request shows its new title and status. */
export function retagged<Tagged extends { request: RequestTag | null }>(
  one: Tagged,
  { id, number, title, status }: Request,
): Tagged {
  return one.request?.id === id ? { ...one, request: { id, number, title, status } } : one;
}

/** A server newer than this page may tell of more than it knows: such facts change nothing here. */
function unknownEvent(desk: DeskSnapshot, _event: never): DeskSnapshot {
  return desk;
}

/**
 * The desk after one event. Pure; an event at or before the state's own position has been
 * counted already (it came again after a reconnect) and changes nothing.
 */
export function apply(state: LiveState, event: LiveEvent): LiveState {
  if (event.pos <= state.desk.position) return state;
  const keys = touchedKeys(state, event);
  return {
    desk: { ...applyToDesk(state.desk, event), position: event.pos },
    touched: keys.length === 0 ? state.touched : touch(state, keys, event.pos),
  };
}
