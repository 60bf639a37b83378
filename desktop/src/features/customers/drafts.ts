import type {
  CallView,
  Channel,
  Customer,
  CustomerFields,
  Json,
  Uuid,
} from '../../shared/api/types.ts';
import { createStore, useStore } from '../../shared/store/store.ts';

type AttributeName = `attributes.${string}`;
/** A field of the card by its name in errors and events. */
export type FieldName = Exclude<keyof CustomerFields, 'attributes'> | AttributeName;
export type FieldValue = CustomerFields[Exclude<keyof CustomerFields, 'attributes'>] | Json;

const ATTRIBUTE = 'attributes.';

export function attributeField(key: string): FieldName {
  return `${ATTRIBUTE}${key}`;
}

function isAttribute(field: FieldName): field is AttributeName {
  return field.startsWith(ATTRIBUTE);
}

/** The stored value of a field; null where there is none. */
export function fieldValue(customer: Customer, field: FieldName): FieldValue {
  if (!isAttribute(field)) return customer[field];
  return customer.attributes[field.slice(ATTRIBUTE.length)] ?? null;
}

/** What a PATCH or POST says of these fields. */
export function bodyOf(values: Partial<Record<FieldName, FieldValue>>): Partial<CustomerFields> {
  const body: Record<string, unknown> = {};
  const attributes: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(values) as [FieldName, FieldValue][]) {
    if (isAttribute(field)) attributes[field.slice(ATTRIBUTE.length)] = value;
    else body[field] = value;
  }
  return (
    Object.keys(attributes).length === 0 ? body : { ...body, attributes }
  ) as Partial<CustomerFields>;
}

/** One value that was typed and not saved yet, with the value it was typed over. */
export interface Edit {
  value: FieldValue;
  base: FieldValue;
}

/** A customer who is being written and does not exist yet. */
export interface NewCustomer {
  /** The activity of the call that it is for, or a name of its own. */
  id: string;
  interactionId: Uuid | null;
  fields: Partial<CustomerFields>;
  /** Whether a person wrote in it; a form that only holds what the call told is no loss. */
  written: boolean;
}

export interface Drafts {
  edits: Readonly<Record<Uuid, Readonly<Partial<Record<FieldName, Edit>>>>>;
  created: readonly NewCustomer[];
}

/** What was typed and not saved, kept while one looks at other customers. */
export const draftStore = createStore<Drafts>({ edits: {}, created: [] });

export function setEdit(customerId: Uuid, field: FieldName, edit: Edit): void {
  draftStore.set((drafts) => ({
    ...drafts,
    edits: { ...drafts.edits, [customerId]: { ...drafts.edits[customerId], [field]: edit } },
  }));
}

export function dropEdit(customerId: Uuid, field: FieldName): void {
  draftStore.set((drafts) => {
    const { [field]: _dropped, ...kept } = drafts.edits[customerId] ?? {};
    const { [customerId]: _all, ...others } = drafts.edits;
    const edits = Object.keys(kept).length === 0 ? others : { ...others, [customerId]: kept };
    return { ...drafts, edits };
  });
}

export function dropEdits(customerId: Uuid): void {
  draftStore.set((drafts) => {
    const { [customerId]: _all, ...edits } = drafts.edits;
    return { ...drafts, edits };
  });
}

/** What was typed on a card goes on on another one, beside what was typed there. */
export function moveEdits(from: Uuid, to: Uuid): void {
  draftStore.set((drafts) => {
    const { [from]: moved, ...others } = drafts.edits;
    return moved ? { ...drafts, edits: { ...others, [to]: { ...moved, ...others[to] } } } : drafts;
  });
}

export function useEdit(customerId: Uuid, field: FieldName): Edit | undefined {
  return useStore(draftStore, (drafts) => drafts.edits[customerId]?.[field]);
}

/** The values typed over a customer that differ from what is stored. */
export function unsavedFields(drafts: Drafts, customerId: Uuid): Partial<CustomerFields> {
  const edits = Object.entries(drafts.edits[customerId] ?? {}) as [FieldName, Edit][];
  const changed = edits.filter(([, edit]) => edit.value !== edit.base);
  return bodyOf(Object.fromEntries(changed.map(([field, edit]) => [field, edit.value])));
}

export function hasUnsaved(drafts: Drafts, customerId: Uuid): boolean {
  return Object.keys(unsavedFields(drafts, customerId)).length > 0;
}

/**
 * The name fields of a caller as far as the channel knows them: the last word is the last name
 * (product.md 4.5). A name without spaces is a last name too.
 */
export function nameFields(callerName: string | null): Partial<CustomerFields> {
  const words = (callerName ?? '').trim().split(/\s+/u).filter(Boolean);
  const last = words.at(-1);
  if (!last) return {};
  const first = words.slice(0, -1).join(' ');
  return first === '' ? { last_name: last } : { first_name: first, last_name: last };
}

/** The field of a card that has the address of a channel; null: none, it becomes one of the identities. */
function addressField(channel: Channel): 'phone_1' | 'email' | null {
  if (channel === 'email') return 'email';
  return channel === 'chat' || channel === 'web' || channel === 'social' ? null : 'phone_1';
}

/** The address of an unknown person that no field of the form shows: it comes to the card by itself. */
export function addressBeside(call: CallView): string | null {
  return addressField(call.channel) === null ? call.ani : null;
}

/** The form that an unknown caller opens, filled in with what the channel told. */
export function draftForCall(call: CallView): NewCustomer {
  const address = call.direction === 'inbound' ? call.ani : (call.ani ?? call.dnis);
  const field = addressField(call.channel);
  return {
    id: call.activity_id,
    interactionId: call.interaction_id,
    fields: {
      kind: 'person',
      ...nameFields(call.caller_name),
      ...(address && field && { [field]: address }),
    },
    written: false,
  };
}

export function putDraft(draft: NewCustomer): void {
  draftStore.set((drafts) => ({
    ...drafts,
    created: drafts.created.some((one) => one.id === draft.id)
      ? drafts.created.map((one) => (one.id === draft.id ? draft : one))
      : [...drafts.created, draft],
  }));
}

export function dropDraft(id: string): void {
  draftStore.set((drafts) => ({
    ...drafts,
    created: drafts.created.filter((one) => one.id !== id),
  }));
}

/** Whether anything at all was typed and not saved. */
export function anythingUnsaved(drafts: Drafts): boolean {
  return (
    drafts.created.some((one) => one.written) ||
    Object.keys(drafts.edits).some((id) => hasUnsaved(drafts, id))
  );
}

export function useDraft(id: string): NewCustomer | undefined {
  return useStore(draftStore, (drafts) => drafts.created.find((one) => one.id === id));
}

let nextDraft = 1;

/** An empty form of a new customer. Returns its id. */
export function startDraft(fields: Partial<CustomerFields> = {}): string {
  const id = `form-${Date.now().toString(36)}-${nextDraft++}`;
  putDraft({ id, interactionId: null, fields: { kind: 'person', ...fields }, written: false });
  return id;
}
