import { keepPreviousData, type QueryClient, useQuery } from '@tanstack/react-query';
import { api } from '../../shared/api/client.ts';
import type { Customer, CustomerFields, CustomerRow, Page, Uuid } from '../../shared/api/types.ts';
import { withEventsMeanwhile } from '../../shared/live/live.ts';
import { applyToCustomer } from '../../shared/live/resources.ts';
import { usePart } from '../people/parts.ts';

export const customerKey = (id: Uuid) => ['customer', id] as const;

const CJK = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

/** Two letters are the least that narrows a base of a million; one character does in Japanese. */
export function isSearchable(query: string): boolean {
  const text = query.trim();
  return text.length >= 2 || CJK.test(text);
}

export function customerQuery(id: Uuid) {
  return {
    queryKey: customerKey(id),
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      withEventsMeanwhile(() => api.get<Customer>(`/customers/${id}`, { signal }), applyToCustomer),
  };
}

/** A whole card; not fetched for somebody whose team works without it. */
export function useCustomer(id: Uuid) {
  return useQuery({ ...customerQuery(id), enabled: usePart('card') });
}

/** Quick search over name, number and e-mail; a newer query cancels the one before it. */
export function useCustomerSearch(query: string, limit: number) {
  const q = query.trim();
  return useQuery({
    queryKey: ['customers', 'search', q, limit],
    queryFn: ({ signal }) =>
      api.get<Page<CustomerRow>>('/customers', { query: { q, page_size: limit }, signal }),
    enabled: isSearchable(q),
    placeholderData: keepPreviousData,
    // A search is about now: the same words a minute later may find more.
    staleTime: 10_000,
  });
}

/** The answer to the question whether an address may belong to several customers (product.md 1.4). */
export interface Shared {
  accept_duplicates?: boolean;
}

/** Writes fields of a customer; throws ApiProblem 409 with `current` when `version` is stale. */
export async function saveCustomer(
  client: QueryClient,
  id: Uuid,
  version: number,
  fields: Partial<CustomerFields>,
  shared: Shared = {},
): Promise<Customer> {
  const saved = await api.patch<Customer>(`/customers/${id}`, fields, {
    ifMatch: version,
    query: { ...shared },
  });
  putCustomer(client, saved);
  return saved;
}

/** Creates a customer and, with `interactionId`, links that interaction to it. */
export async function createCustomer(
  client: QueryClient,
  fields: Partial<CustomerFields>,
  interactionId: Uuid | null,
  shared: Shared = {},
): Promise<Customer> {
  const created = await api.post<Customer>('/customers', fields, {
    query: { link_interaction: interactionId, ...shared },
  });
  putCustomer(client, created);
  return created;
}

/** Puts a customer into the cache unless a newer one is there already. */
export function putCustomer(client: QueryClient, customer: Customer): void {
  client.setQueryData<Customer>(customerKey(customer.id), (known) =>
    known && known.version > customer.version ? known : customer,
  );
}

/** An unconfirmed address is the customer's: from now on it pops. */
export function confirmIdentity(
  customerId: Uuid,
  id: Uuid,
  shared: Shared = {},
): Promise<Customer> {
  return api.post<Customer>(`/customers/${customerId}/identities/${id}/confirm`, undefined, {
    query: { ...shared },
  });
}

/** An address is not the customer's. */
export function removeIdentity(customerId: Uuid, id: Uuid): Promise<Customer> {
  return api.delete<Customer>(`/customers/${customerId}/identities/${id}`);
}
