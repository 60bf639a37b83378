import type {
  Activity,
  CallView,
  Customer,
  CustomerSummary,
  DeskSnapshot,
  Interaction,
  Request,
} from '../api/types.ts';
import type { LiveEvent, LiveEventType } from './events.ts';
import { summaryOf } from './reducer.ts';

// Builders for tests: every value plain and different enough to tell apart.

const AT = '2026-11-22T10:00:00Z';

export function customer(fields: Partial<Customer> = {}): Customer {
  return {
    id: 'edward',
    number: 1,
    version: 1,
    kind: 'person',
    first_name: 'Edward',
    last_name: 'Ferrars',
    company_name: '',
    display_name: 'Edward Ferrars',
    phone_1: '+44 20 7946 0958',
    phone_2: null,
    phone_3: null,
    phone_4: null,
    phone_5: null,
    email: null,
    addresses: [],
    preferred_language: null,
    consent: {},
    attributes: {},
    external_id: null,
    identities: [],
    created_at: AT,
    updated_at: AT,
    archived_at: null,
    last_contact: null,
    ...fields,
  };
}

export function summary(id: string, fields: Partial<CustomerSummary> = {}): CustomerSummary {
  return { ...summaryOf(customer({ id, display_name: id })), ...fields };
}

export function call(id: string, fields: Partial<CallView> = {}): CallView {
  return {
    activity_id: id,
    interaction_id: `interaction of ${id}`,
    state: 'ringing',
    since: AT,
    direction: 'inbound',
    call_type: 'inbound',
    ani: '+46701234567',
    dnis: null,
    queue: 'support',
    caller_name: null,
    started_at: AT,
    answered_at: null,
    ended_at: null,
    wrap_up_until: null,
    customer: null,
    candidates: [],
    request: null,
    note_from: null,
    channel: 'voice',
    by_hand: false,
    proposed_request: null,
    unused_request: null,
    ...fields,
  };
}

export function desk(fields: Partial<DeskSnapshot> = {}): DeskSnapshot {
  return {
    position: 10,
    user: {
      id: 'aiko',
      name: 'Aiko',
      email: 'aiko@example.test',
      roles: ['agent'],
      extension: '1001',
      cti_enabled: true,
      team: null,
      language: 'en',
      switched_off: [],
      preferences: {},
    },
    cti: { logged_in: true, state: 'ready', since: AT },
    calls: [],
    open: [],
    previous: [],
    wrap_up_codes: [],
    settings: { default_region: 'SE', pop_at: 'ringing' },
    ...fields,
  };
}

export function activity(fields: Partial<Activity> = {}): Activity {
  return {
    id: 'leg',
    interaction_id: 'call',
    kind: 'agent',
    call_type: 'inbound',
    agent_id: 'aiko',
    agent_name: 'Aiko',
    team_name: null,
    extension: '1001',
    started_at: AT,
    answered_at: null,
    ended_at: null,
    duration_s: null,
    outcome: null,
    media_type: 'voice',
    wrap_ups: [],
    fields: {},
    tags: [],
    comments: [],
    text: null,
    wrap_up_until: null,
    finished_at: null,
    ...fields,
  };
}

export function interaction(fields: Partial<Interaction> = {}): Interaction {
  return {
    id: 'call',
    customer_id: 'edward',
    candidates: [],
    channel: 'voice',
    direction: 'inbound',
    ani: null,
    dnis: null,
    queue: null,
    caller_name: null,
    started_at: AT,
    answered_at: null,
    ended_at: null,
    duration_s: null,
    type: 'agent',
    state: 'in_progress',
    result: null,
    source: 'test',
    external_id: null,
    request_id: null,
    request: null,
    standalone: false,
    activities: [],
    ...fields,
  };
}

/** An event right after the fixtures' position, unless another one is named. */
export function event<Type extends LiveEventType>(
  type: Type,
  payload: (LiveEvent & { type: Type })['payload'],
  pos = 11,
): LiveEvent {
  return { pos, type, at: AT, payload } as unknown as LiveEvent;
}

export function request(fields: Partial<Request> = {}): Request {
  return {
    id: 'invoice',
    number: 1001,
    version: 1,
    customer_id: 'edward',
    customer_name: 'Edward Ferrars',
    type: 'question',
    title: 'Wrong invoice',
    description: '',
    status: 'active',
    owner_id: null,
    owner_name: null,
    due_on: null,
    priority: 'normal',
    closing_reason: '',
    fields: {},
    created_at: AT,
    created_by: 'Aiko',
    updated_at: AT,
    closed_at: null,
    closed_by: null,
    ...fields,
  };
}
