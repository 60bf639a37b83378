/** Field sets and recordings on the wire. */

import type { AttributeType, Channel, Interaction, Timestamp, Uuid } from './types.ts';

/** One interaction in the list over all customers; `candidates`: to how many customers it may belong. */
export interface InteractionRow
  extends Omit<Interaction, 'candidates' | 'request' | 'activities' | 'standalone'> {
  customer_name: string | null;
  candidates: number;
  request_number: number | null;
  request_title: string | null;
  agents: string[];
  tags: string[];
  /** The code that was given last. */
  wrap_up: string | null;
}

/** A field that several forms share: types of requests, or channels. */
export interface PoolField {
  key: string;
  label: string;
  type: AttributeType;
  help: string;
  hidden_at: Timestamp | null;
}

/** A field of a form, by its key. */
export interface FormField {
  key: string;
  required: boolean;
}

/** The fields that activities of a channel show, in their order. */
export interface FieldSet {
  channel: Channel;
  fields: FormField[];
}

export interface FieldSets {
  sets: FieldSet[];
  fields: PoolField[];
}

/** A recording of an interaction, or of one leg; a `link` is kept by the system that made it. */
export interface Recording {
  id: Uuid;
  kind: 'file' | 'link';
  interaction_id: Uuid;
  activity_id: Uuid | null;
  name: string;
  media_type: string | null;
  size: number | null;
  created_at: Timestamp;
}

export interface Listening {
  url: string;
  expires_at: Timestamp;
}

/** Where a system keeps its recordings. */
export interface RecordingSource {
  source: string;
  template: string;
  active: boolean;
  /** What the template makes of a made-up call. */
  example: string;
}
