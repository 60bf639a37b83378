/** The desk on the wire: calls, open customers, the snapshot, and what was done to a card. */

import type {
  CallType,
  Channel,
  CustomerSummary,
  Direction,
  Me,
  RequestTag,
  Timestamp,
  Uuid,
  WrapUpCode,
} from './types.ts';

export type CallState = 'ringing' | 'talking' | 'hold' | 'wrap_up';
export interface Cti {
  logged_in: boolean;
  state: 'logged_out' | 'ready';
  since: Timestamp | null;
}

export type MatchReason = 'same_address' | 'unconfirmed_address' | 'similar_number';

export interface Candidate {
  customer: CustomerSummary;
  last_contact_at: Timestamp | null;
  last_agent: string | null;
  reason: MatchReason;
}

export interface CallView {
  activity_id: Uuid;
  interaction_id: Uuid;
  state: CallState;
  /** When it came into this state. */
  since: Timestamp;
  direction: Direction;
  call_type: CallType | null;
  ani: string | null;
  dnis: string | null;
  queue: string | null;
  caller_name: string | null;
  started_at: Timestamp;
  answered_at: Timestamp | null;
  ended_at: Timestamp | null;
  wrap_up_until: Timestamp | null;
  customer: CustomerSummary | null;
  candidates: Candidate[];
  request: RequestTag | null;
  note_from: { agent_name: string; text: string } | null;
  channel: Channel;
  /** The agent ends it here; no other system tells of its end. */
  by_hand: boolean;
  /** The channel's policy asks whether it is about this one. */
  proposed_request: RequestTag | null;
  /** Opened by the channel's policy, and nobody wrote into it. */
  unused_request: RequestTag | null;
}

export type ChangeKind =
  | 'created'
  | 'changed'
  | 'imported'
  | 'import_undone'
  | 'archived'
  | 'unarchived'
  | 'identity_added'
  | 'identity_removed'
  | 'merged'
  | 'unmerged'
  | 'taken'
  | 'given';

/** Something that was done to a card: which fields, without their values. */
export interface CardChange {
  id: Uuid;
  at: Timestamp;
  kind: ChangeKind;
  /** Empty: the system. */
  by_name: string;
  fields: string[];
  card_number: number | null;
  interaction_id: Uuid | null;
  other_id: Uuid | null;
  other_name: string | null;
}

export interface CardChanges {
  items: CardChange[];
  next_cursor: string | null;
}

export interface OpenCustomer {
  customer: CustomerSummary;
  opened_at: Timestamp;
  by: 'pop' | 'choice';
}

export interface DeskSettings {
  default_region: string;
  pop_at: 'ringing' | 'answer';
}

export interface DeskSnapshot {
  position: number;
  user: Me;
  cti: Cti;
  calls: CallView[];
  open: OpenCustomer[];
  previous: CustomerSummary[];
  wrap_up_codes: WrapUpCode[];
  settings: DeskSettings;
}
