/** Field sets and recordings on the wire. */

import type { AttributeType, Channel, Timestamp } from './types.ts';

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
