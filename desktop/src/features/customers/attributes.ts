import { api } from '../../shared/api/client.ts';
import type { Attribute, Uuid } from '../../shared/api/types.ts';
import { useLiveList } from '../../shared/live/useLiveList.ts';

const ATTRIBUTES = ['customer-attributes'] as const;

/** Every attribute, the hidden ones last; changes by administrators show at once. */
export function useAllAttributes() {
  return useLiveList(ATTRIBUTES, '/customer-attributes', (known: Attribute[], event) =>
    event.type === 'schema.customers_changed' ? event.payload.attributes : known,
  );
}

/** The attributes that the card shows, in its order. */
export function useAttributes(): Attribute[] | undefined {
  return useAllAttributes().data?.filter((one) => one.hidden_at === null);
}

export type NewAttribute = Pick<Attribute, 'label' | 'type' | 'required' | 'help' | 'privacy'> & {
  key?: string;
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
