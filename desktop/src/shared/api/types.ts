/** The shapes on the wire, in the words of the API. Times are ISO 8601 in UTC. */

export * from './deskTypes.ts';
export * from './interactionTypes.ts';
export * from './requestTypes.ts';

export type Uuid = string;
export type Timestamp = string;
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** The parts of the desktop that an administrator switches on and off per team. */
export const PARTS = ['journey', 'card', 'merging'] as const;
export type Part = (typeof PARTS)[number];

export interface Me {
  id: Uuid;
  name: string;
  email: string;
  roles: string[];
  extension: string | null;
  cti_enabled: boolean;
  team: { id: Uuid; name: string } | null;
  language: string;
  /** The parts of the desktop that this person works without. */
  switched_off: Part[];
  preferences: Record<string, Json>;
}

export type CustomerKind = 'person' | 'company';

export interface CustomerSummary {
  id: Uuid;
  number: number;
  display_name: string;
  kind: CustomerKind;
  phone_1: string | null;
  email: string | null;
  city: string | null;
  preferred_language: string | null;
  last_contact_at: Timestamp | null;
  version: number;
  created_at: Timestamp;
}

export type IdentityKind = 'phone' | 'email' | 'chat' | 'social';

export interface Identity {
  id: Uuid;
  kind: IdentityKind;
  value: string;
  normalised: string;
  confidence: 'known' | 'maybe';
  position: number;
  /** The key of the attribute that brought it. */
  attribute: string | null;
}

export interface Address {
  street: string;
  city: string;
  region: string;
  postcode: string;
  country: string;
  primary: boolean;
}

export const PHONE_FIELDS = ['phone_1', 'phone_2', 'phone_3', 'phone_4', 'phone_5'] as const;
export type PhoneField = (typeof PHONE_FIELDS)[number];

/** What a person can write on a card; every field is optional in a PATCH. */
export interface CustomerFields extends Record<PhoneField, string | null> {
  kind: CustomerKind;
  first_name: string | null;
  last_name: string | null;
  company_name: string | null;
  email: string | null;
  addresses: Address[];
  preferred_language: string | null;
  consent: Record<string, boolean>;
  /** By the keys that administrators gave them. */
  attributes: Record<string, Json>;
  /** The key of the customer in another system. */
  external_id: string | null;
}

type NameField = 'first_name' | 'last_name' | 'company_name';

/** A card as it is told: names are always text, empty where there is none. */
export interface Customer extends Omit<CustomerFields, NameField>, Record<NameField, string> {
  id: Uuid;
  number: number;
  version: number;
  display_name: string;
  identities: Identity[];
  created_at: Timestamp;
  updated_at: Timestamp;
  archived_at: Timestamp | null;
  last_contact: { at: Timestamp; channel: string; agent_name: string | null } | null;
}
export type CustomerRow = Omit<Customer, 'identities'>;

export interface Page<Row> {
  items: Row[];
  page: number;
  page_size: number;
  total: number;
  total_is_estimate: boolean;
}

export const CHANNELS = [
  'voice',
  'email',
  'chat',
  'sms',
  'social',
  'video',
  'web',
  'event',
] as const;
export type Channel = (typeof CHANNELS)[number];
export type Direction = 'inbound' | 'outbound';
export type CallType = 'inbound' | 'outbound' | 'transfer' | 'conference' | 'consult';

export interface Interaction {
  id: Uuid;
  customer_id: Uuid | null;
  candidates: Uuid[];
  channel: Channel;
  direction: Direction;
  ani: string | null;
  dnis: string | null;
  queue: string | null;
  caller_name: string | null;
  started_at: Timestamp;
  answered_at: Timestamp | null;
  ended_at: Timestamp | null;
  duration_s: number | null;
  type: 'agent' | 'ivr';
  state: 'in_progress' | 'ended';
  result:
    | 'answered'
    | 'abandoned'
    | 'not_accepted'
    | 'ivr_only'
    | 'busy'
    | 'no_answer'
    | 'failed'
    | null;
  source: string;
  external_id: string | null;
  request_id: Uuid | null;
  /** What it is about. */
  request: RequestTag | null;
  /** No conversation, but one activity that another system told of by itself. */
  standalone: boolean;
  activities: Activity[];
}

export type RequestStatus = 'active' | 'closed';

/** A request as an interaction shows it. */
export interface RequestTag {
  id: Uuid;
  number: number;
  title: string;
  status: RequestStatus;
}

export interface Activity {
  id: Uuid;
  interaction_id: Uuid;
  kind: 'ivr' | 'agent' | 'message' | 'wrap_up' | 'campaign_attempt';
  call_type: CallType | null;
  agent_id: Uuid | null;
  agent_name: string | null;
  team_name: string | null;
  extension: string | null;
  started_at: Timestamp;
  answered_at: Timestamp | null;
  ended_at: Timestamp | null;
  duration_s: number | null;
  outcome: 'answered' | 'no_answer' | 'busy' | 'rejected' | 'cancelled' | 'failed' | null;
  media_type: Channel | null;
  wrap_ups: WrapUp[];
  tags: string[];
  /** By the keys of activity fields; also those that its field set does not show. */
  fields: Record<string, Json>;
  comments: Comment[];
  text: string | null;
  wrap_up_until: Timestamp | null;
  finished_at: Timestamp | null;
}

/** The words of a code in each language that it was given in. */
export type Labels = Record<string, string>;

export interface WrapUp {
  id: Uuid;
  code: string;
  labels: Labels;
  note: string | null;
  applied_at: Timestamp;
  by_name: string | null;
  inherited: boolean;
}

export interface Comment {
  id: Uuid;
  text: string;
  author_name: string;
  at: Timestamp;
}

/** The opening or the closing of a request, where it stands in the journey. `by_name` '': it closed by itself. */
export interface RequestMilestone {
  kind: 'opened' | 'closed';
  at: Timestamp;
  by_name: string;
  request: RequestTag;
}

export interface JourneyPage {
  position: number;
  items: Interaction[];
  next_cursor: string | null;
  /** Those in the stretch of time that the page covers. */
  requests: RequestMilestone[];
}

export interface WrapUpCode {
  code: string;
  labels: Labels;
  /** Those that it is for; empty: all. */
  channels: Channel[];
  teams: Uuid[];
  active: boolean;
  /** How often this agent applied it lately. */
  uses: number;
}

export interface Team {
  id: Uuid;
  name: string;
  /** The longest wrap-up time of its people; 0: none. */
  wrap_up_seconds: number;
  /** How many accounts are in it, those switched off too. */
  people: number;
  /** What its agents work without. */
  switched_off: Part[];
}

/** A person's account, as administrators see it. */
export interface Account {
  id: Uuid;
  email: string;
  name: string;
  roles: string[];
  team: { id: Uuid; name: string } | null;
  extension: string | null;
  cti_enabled: boolean;
  language: string;
  active: boolean;
  created_at: Timestamp;
}

/** One entry of the audit trail. */
export interface AuditEntry {
  id: Uuid;
  at: Timestamp;
  actor_id: Uuid | null;
  actor: string;
  action: string;
  entity: string;
  entity_id: string | null;
  name: string | null;
  before: Json;
  after: Json;
}

export interface User {
  id: Uuid;
  name: string;
  extension: string | null;
  team: { id: Uuid; name: string } | null;
}

export interface AttributeType {
  type:
    | 'text'
    | 'long_text'
    | 'alphanumeric_15'
    | 'alphanumeric_50'
    | 'integer'
    | 'decimal'
    | 'bool'
    | 'choice'
    | 'multiple_choice'
    | 'date'
    | 'time'
    | 'date_time'
    | 'duration'
    | 'phone'
    | 'email'
    | 'url';
  options?: string[];
}

/** A field that an administrator added to the card. */
export interface Attribute {
  id: Uuid;
  /** Of its value in `Customer.attributes`. */
  key: string;
  label: string;
  type: AttributeType;
  required: boolean;
  help: string;
  /** What a value says of a person; a sensitive one is encrypted, and masked for everybody. */
  privacy: 'plain' | 'personal' | 'sensitive';
  hidden_at: Timestamp | null;
  /** What the customer list can do with it. */
  index: {
    searchable: boolean;
    sortable: boolean;
    state: 'none' | 'building' | 'ready' | 'failed';
    /** In percent, while it is building. */
    progress: number;
    detail: string | null;
  };
  /** How far its values are encrypted or decrypted after a change of the class, in percent. */
  conversion: { state: 'none' | 'running'; progress: number };
}

/** What stays of an erased customer. */
export interface Tombstone {
  id: Uuid;
  customer_id: Uuid;
  number: number;
  ids: Uuid[];
  at: Timestamp;
  by_name: string;
  reason: string;
  counts: Record<string, number>;
  /** null while trails and files are being searched still. */
  finished_at: Timestamp | null;
}

/** A saved view of a list: `query` is its address line, `layout` its columns where it has some of its own. */
export interface View {
  id: Uuid;
  list: string;
  name: string;
  query: string;
  layout: { columns: { key: string; width: number | null; hidden: boolean }[] } | null;
  owner_id: Uuid;
  owner_name: string;
  /** Everybody in it may use the view. */
  team: { id: Uuid; name: string } | null;
  updated_at: Timestamp;
}

/** One change of many cards, and how far it is. */
export interface BulkEdit {
  id: Uuid;
  state: 'prepared' | 'running' | 'done' | 'cancelled' | 'failed' | 'undoing' | 'undone';
  query: string | null;
  change: Record<string, Json>;
  total: number;
  done: number;
  changed: number;
  unchanged: number;
  gone: number;
  refused: number;
  undone: number;
  kept: number;
  detail: string | null;
  user_id: Uuid | null;
  user_name: string;
  created_at: Timestamp;
  started_at: Timestamp | null;
  finished_at: Timestamp | null;
}

/** A customer of whom an undo kept what somebody changed since. */
export interface LeftAlone {
  customer_id: Uuid;
  number: number;
  display_name: string;
  kept: Record<string, Json>;
}

export interface ImportProgress {
  id: Uuid;
  file_name: string;
  state:
    | 'uploaded'
    | 'checking'
    | 'checked'
    | 'running'
    | 'done'
    | 'cancelled'
    | 'failed'
    | 'undoing'
    | 'undone';
  /** An estimate until the import is done. */
  total_rows: number | null;
  read: number;
  created: number;
  updated: number;
  ignored: number;
  refused: number;
  started_at: Timestamp | null;
  finished_at: Timestamp | null;
  detail: string | null;
  /** The field by which a row is recognised as a known customer; null: by none. */
  key: string | null;
  on_duplicate: OnDuplicate;
  /** What a run would do with the rows that were looked at so far. */
  check: ImportCheck | null;
  undo: ImportUndo | null;
}

export type OnDuplicate = 'ignore' | 'update' | 'replace' | 'fill';

export interface ImportCheck {
  read: number;
  created: number;
  updated: number;
  ignored: number;
  refused: number;
  /** Rows about a customer that is known. */
  in_base: number;
  /** Rows about one that an earlier row of the file is about. */
  in_file: number;
  without_key: number;
}

export interface ImportUndo {
  removed: number;
  restored: number;
  kept: number;
  /** Made by the import and gone before the undo: merged into another card, or erased. */
  gone: number;
  by_name: string;
}

export interface RefusedRow {
  line: number;
  cells: string[];
  reason: string;
}

/** A customer of whom an undo kept something. */
export interface KeptCustomer {
  id: Uuid;
  number: number;
  display_name: string;
  reason: 'changed' | 'in_use';
  fields: string[];
  by_name: string;
}

export interface Import extends ImportProgress {
  headers: string[];
  /** Heading to field. */
  mapping: Record<string, string>;
  sample: string[][];
  encoding: string;
  delimiter: string;
  /** The sheet that is read of a workbook. */
  sheet: string | null;
  refused_sample: RefusedRow[];
  created_at: Timestamp;
  user_name: string;
}

export type ReasonCode =
  | 'same_phone'
  | 'same_email'
  | 'similar_email'
  | 'same_name'
  | 'similar_name'
  | 'swapped_name'
  | 'same_company'
  | 'similar_company'
  | 'same_address'
  | 'similar_address'
  | 'same_postcode'
  | 'same_city'
  | 'same_value'
  | 'similar_value';

/** One thing in which two cards agree; `value`: a number or e-mail, or the key of an attribute. */
export interface DuplicateReason {
  code: ReasonCode;
  value: string | null;
}

/** A customer who may be the same as another; `score` in percent. */
export interface Duplicate {
  customer: CustomerSummary;
  score: number;
  reasons: DuplicateReason[];
}

export interface Duplicates {
  items: Duplicate[];
  /** Those of whom somebody said that they are somebody else. */
  dismissed: CustomerSummary[];
}

/** Two cards that are probably one customer's. */
export interface DuplicatePair {
  first: CustomerSummary;
  second: CustomerSummary;
  score: number;
  reasons: DuplicateReason[];
}

export interface DuplicatePage {
  items: DuplicatePair[];
  next_cursor: string | null;
  total: number;
  /** Cards that were changed and not looked at yet. */
  waiting: number;
}

/** A card that went into another one. */
export interface MergedCard {
  id: Uuid;
  number: number;
  display_name: string;
  kind: CustomerKind;
}

export interface Merge {
  id: Uuid;
  at: Timestamp;
  by_name: string;
  survivor_id: Uuid;
  card: MergedCard;
  moved: Record<string, number>;
  undone_at: Timestamp | null;
  undone_by: string | null;
  undo: 'possible' | 'undone' | 'later';
}

export interface MergePreview {
  customer: Customer;
  /** How many of each thing go along. */
  moves: Record<string, number>;
}

export interface Merged {
  merge: Merge;
  customer: Customer;
}

export interface Unmerged {
  merge: Merge;
  customer: Customer;
  restored: Customer;
  /** Fields that people changed since the merge, which stay as they are. */
  kept: string[];
  left_out: { field: string; value: string; reason: string }[];
}
