import { api } from '../../shared/api/client.ts';
import type { Attribute, Uuid } from '../../shared/api/types.ts';
import type { LiveEvent } from '../../shared/live/events.ts';
import { useLiveList } from '../../shared/live/useLiveList.ts';

const ATTRIBUTES = ['customer-attributes'] as const;

function after(known: Attribute[], event: LiveEvent): Attribute[] {
  if (event.type === 'schema.customers_changed') return event.payload.attributes;
  if (event.type === 'schema.conversion_progress') {
    const { attribute_id, conversion } = event.payload;
    return known.map((one) => (one.id === attribute_id ? { ...one, conversion } : one));
  }
  if (event.type !== 'schema.index_progress') return known;
  const { attribute_id, index } = event.payload;
  return known.map((one) => (one.id === attribute_id ? { ...one, index } : one));
}

/** Every attribute, the hidden ones last; changes by administrators show at once. */
export function useAllAttributes() {
  return useLiveList(ATTRIBUTES, '/customer-attributes', (known: Attribute[], event) =>
    after(known, event),
  );
}

/** The attributes that the card shows, in its order. */
export function useAttributes(): Attribute[] | undefined {
  return useAllAttributes().data?.filter((one) => one.hidden_at === null);
}

export type NewAttribute = Pick<Attribute, 'label' | 'type' | 'required' | 'help' | 'privacy'> & {
  key?: string;
  searchable?: boolean;
  sortable?: boolean;
};

export function addAttribute(attribute: NewAttribute): Promise<Attribute> {
  return api.post<Attribute>('/customer-attributes', attribute);
}

export function changeAttribute(id: Uuid, change: Partial<NewAttribute>): Promise<Attribute> {
  return api.patch<Attribute>(`/customer-attributes/${id}`, change);
}

/** Takes one off the card; its values are kept. */
export function hideAttribute(id: Uuid): Promise<Attribute> {
  return api.delete<Attribute>(`/customer-attributes/${id}`);
}

export function restoreAttribute(id: Uuid): Promise<Attribute> {
  return api.post<Attribute>(`/customer-attributes/${id}/restore`);
}

export function orderAttributes(ids: string[]): Promise<{ items: Attribute[] }> {
  return api.put('/customer-attributes/order', { ids });
}
