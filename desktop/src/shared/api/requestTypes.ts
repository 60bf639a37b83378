/** Requests on the wire. */

import type { FormField, PoolField } from './interactionTypes.ts';
import type { Channel, Interaction, Json, RequestStatus, Timestamp, Uuid } from './types.ts';

export const PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** Why a customer called. */
export interface Request {
  id: Uuid;
  /** Written REQ-1042. */
  number: number;
  version: number;
  customer_id: Uuid;
  customer_name: string;
  /** The key of its type. */
  type: string;
  title: string;
  description: string;
  status: RequestStatus;
  owner_id: Uuid | null;
  owner_name: string | null;
  /** A day, YYYY-MM-DD. */
  due_on: string | null;
  priority: Priority;
  closing_reason: string;
  fields: Record<string, Json>;
  created_at: Timestamp;
  created_by: string;
  updated_at: Timestamp;
  closed_at: Timestamp | null;
  /** Empty: it closed by itself. */
  closed_by: string | null;
}

export interface CustomerRequests {
  position: number;
  items: Request[];
  total: number;
}

/** A field that types of requests share. */
export type RequestField = PoolField;

export interface RequestType {
  key: string;
  label: string;
  /** Days without any update after which it closes by itself; 0: never. */
  close_after_days: number;
  fields: FormField[];
  hidden_at: Timestamp | null;
}

export interface RequestSchema {
  types: RequestType[];
  fields: RequestField[];
}

/** What a channel does: to the request when an agent takes up a conversation, and with somebody whom nobody knows. */
export interface ChannelPolicy {
  channel: Channel;
  action: 'none' | 'open' | 'propose';
  /** What is opened; null: the first type in use. */
  type: string | null;
  /** A form for the agent, or a card at once. */
  unknown: 'form' | 'card';
}

/** An interaction went to another request or customer. */
export interface MoveRecord {
  id: Uuid;
  interaction_id: Uuid;
  from_customer: Uuid | null;
  to_customer: Uuid | null;
  from_request: Uuid | null;
  to_request: Uuid | null;
  reason: string;
  by_name: string;
  at: Timestamp;
  undone_at: Timestamp | null;
  undone_by: string | null;
}

export interface Moved {
  interaction: Interaction;
  move: MoveRecord;
  request: Request | null;
}
