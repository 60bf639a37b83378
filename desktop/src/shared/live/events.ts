import type {
  Account,
  Activity,
  Attribute,
  BulkEdit,
  CallView,
  ChannelPolicy,
  Comment,
  Cti,
  Customer,
  CustomerSummary,
  FieldSets,
  ImportProgress,
  Interaction,
  Json,
  Me,
  MergedCard,
  OpenCustomer,
  Recording,
  RecordingSource,
  Request,
  RequestSchema,
  Team,
  Timestamp,
  Uuid,
  View,
  WrapUpCode,
} from '../api/types.ts';

type Event<Type extends string, Payload> = {
  pos: number;
  type: Type;
  at: Timestamp;
  payload: Payload;
};

export type CustomerEvent = Event<
  'customer.created' | 'customer.changed' | 'customer.archived',
  { customer: Customer; changed?: string[]; by_name?: string | null }
>;
/** An interaction as an event tells it: its activities have events of their own; its request where it may have changed. */
export type ToldInteraction = Omit<Interaction, 'activities' | 'request' | 'request_id'> &
  Partial<Pick<Interaction, 'activities' | 'request' | 'request_id'>>;
/** An activity as an event tells it: tags, fields, wrap-ups and comments are left out when they did not change. */
export type ToldActivity = Omit<Activity, 'tags' | 'fields' | 'wrap_ups' | 'comments'> &
  Partial<Pick<Activity, 'tags' | 'fields' | 'wrap_ups' | 'comments'>>;
export type InteractionEvent = Event<'interaction.changed', { interaction: ToldInteraction }>;
export type ActivityEvent = Event<
  'activity.changed',
  { activity: ToldActivity; customer_id: Uuid | null }
>;
export type ActivityRemovedEvent = Event<
  'activity.removed',
  { activity_id: Uuid; interaction_id: Uuid; customer_id: Uuid | null }
>;
export type CommentEvent = Event<
  'comment.added',
  { activity_id: Uuid; interaction_id: Uuid; customer_id: Uuid | null; comment: Comment }
>;

export type RequestEvent = Event<
  'request.changed',
  { request: Request; changed: string[]; by_name: string }
>;
/** Two cards are one: whoever shows `merged` shows `customer` instead. */
export type MergedEvent = Event<
  'customer.merged',
  { merge_id: Uuid; customer: Customer; merged: MergedCard; by_name: string }
>;
/** A merge was undone: `restored` is a card of its own again. */
export type UnmergedEvent = Event<
  'customer.unmerged',
  { merge_id: Uuid; customer: Customer; restored: Customer; by_name: string }
>;

export type OpenedEvent = Event<'desk.customer_opened', { open: OpenCustomer }>;

/** Every fact that the event stream tells a desk. */
export type LiveEvent =
  | Event<'call.changed', { call: CallView }>
  | Event<
      'call.closed',
      {
        activity_id: Uuid;
        interaction_id: Uuid;
        reason: 'answered_elsewhere' | 'missed' | 'ended' | 'finished';
      }
    >
  | Event<'cti.changed', { cti: Cti }>
  | OpenedEvent
  | Event<'desk.customer_closed', { customer: CustomerSummary }>
  | Event<'desk.customer_removed', { customer_id: Uuid }>
  | Event<'desk.customers_changed', { open: OpenCustomer[]; previous: CustomerSummary[] }>
  | CustomerEvent
  | MergedEvent
  | UnmergedEvent
  | Event<'customer.erased', { erasure_id: Uuid; ids: Uuid[]; by_name: string }>
  | Event<'customer.erasure_searched', { erasure_id: Uuid }>
  | Event<'duplicates.changed', { customer_ids: Uuid[] }>
  | InteractionEvent
  | ActivityEvent
  | ActivityRemovedEvent
  | CommentEvent
  | RequestEvent
  | Event<'request.discarded', { request_id: Uuid; customer_id: Uuid; by_name: string }>
  | Event<'schema.requests_changed', RequestSchema>
  | Event<'schema.activities_changed', FieldSets>
  | Event<'schema.request_policies_changed', { items: ChannelPolicy[] }>
  | Event<'recording_sources.changed', { items: RecordingSource[] }>
  | Event<'recordings.changed', { interaction_id: Uuid; recordings: Recording[] }>
  | Event<'import.changed', { import: ImportProgress }>
  | Event<'schema.customers_changed', { attributes: Attribute[] }>
  | Event<'schema.index_progress', { attribute_id: Uuid; index: Attribute['index'] }>
  | Event<'schema.conversion_progress', { attribute_id: Uuid; conversion: Attribute['conversion'] }>
  | Event<'view.changed', { view: View }>
  | Event<'view.removed', { id: Uuid; kept_by: Uuid | null }>
  | Event<'bulk_edit.changed', { bulk_edit: BulkEdit; customer_ids: Uuid[] }>
  | Event<'wrap_up_codes.changed', { wrap_up_codes: WrapUpCode[] }>
  | Event<'wrap_up_codes.used', { code: string }>
  | Event<'account.changed', { account: Account }>
  | Event<'teams.changed', { teams: Team[] }>
  | Event<
      'desk.user_changed',
      Pick<Me, 'name' | 'extension' | 'cti_enabled' | 'team' | 'language' | 'switched_off'>
    >
  | Event<'desk.parts_changed', Record<string, never>>
  | Event<'desk.preference_changed', { key: string; value: Json }>;

export type LiveEventType = LiveEvent['type'];
