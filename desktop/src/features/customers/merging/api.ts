import {
  keepPreviousData,
  type QueryClient,
  useInfiniteQuery,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useEffect } from 'react';
import { api } from '../../../shared/api/client.ts';
import type {
  Customer,
  CustomerFields,
  CustomerSummary,
  DuplicatePage,
  Duplicates,
  Merge,
  Merged,
  MergePreview,
  Unmerged,
  Uuid,
} from '../../../shared/api/types.ts';
import { listenTo, onLiveEvent, onReload } from '../../../shared/live/live.ts';
import { notify, reportProblem } from '../../../shared/ui/notices.ts';
import { putCustomer } from '../api.ts';

/** Whose value a field of the one card takes; see `POST /customers/{id}/merge`. */
export type Side = 'this' | 'other' | 'both';
export type Choices = Readonly<Record<string, Side>>;

export const duplicatesKey = (id: Uuid) => ['duplicates', id] as const;
export const QUEUE = ['duplicate-queue'] as const;
const mergesKey = (id: Uuid) => ['merges', id] as const;

/** Who may be the same as this card. */
export function useDuplicates(id: Uuid) {
  return useQuery({
    queryKey: duplicatesKey(id),
    queryFn: ({ signal }) => api.get<Duplicates>(`/customers/${id}/duplicates`, { signal }),
  });
}

/** Who looks like a card that is being written. Nothing is asked before there is something to compare. */
export function useLookAlikes(fields: Partial<CustomerFields>) {
  const { phone_1, phone_2, email, first_name, last_name, company_name } = fields;
  const told = phone_1 || phone_2 || email || company_name || (first_name && last_name);
  return useQuery({
    queryKey: ['look-alikes', fields],
    queryFn: ({ signal }) => api.post<Duplicates>('/customer-duplicates/check', fields, { signal }),
    enabled: Boolean(told),
    placeholderData: keepPreviousData,
    // A warning about now: it is asked for anew with the next form.
    gcTime: 0,
  });
}

/** The review queue, page by page, the surest first; what is decided elsewhere leaves it at once. */
export function useDuplicateQueue() {
  const client = useQueryClient();
  useEffect(() => {
    const renew = () => void client.invalidateQueries({ queryKey: QUEUE });
    const stops = [
      listenTo('customers'),
      onLiveEvent((event) => {
        if (
          event.type === 'duplicates.changed' ||
          event.type === 'customer.merged' ||
          event.type === 'customer.unmerged'
        ) {
          renew();
        }
      }),
      onReload(renew),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [client]);
  return useInfiniteQuery({
    queryKey: QUEUE,
    queryFn: ({ pageParam, signal }) =>
      api.get<DuplicatePage>('/customer-duplicates', { query: { cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    gcTime: 0,
  });
}

/** The merges that made a card what it is, newest first. */
export function useMerges(id: Uuid) {
  return useQuery({
    queryKey: mergesKey(id),
    queryFn: async ({ signal }) =>
      (await api.get<{ items: Merge[] }>(`/customers/${id}/merges`, { signal })).items,
  });
}

/** What a merge would give. */
export function useMergePreview(id: Uuid, otherId: Uuid, choices: Choices, versions: string) {
  return useQuery({
    queryKey: ['merge-preview', id, otherId, choices, versions],
    queryFn: ({ signal }) =>
      api.post<MergePreview>(
        `/customers/${id}/merge/preview`,
        { other_id: otherId, choices },
        { signal },
      ),
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
}

/** Merges one card into another, both as they were looked at. */
export async function mergeCards(
  client: QueryClient,
  card: Customer,
  other: Customer,
  choices: Choices,
): Promise<Merged> {
  const merged = await api.post<Merged>(
    `/customers/${card.id}/merge`,
    { other_id: other.id, other_version: other.version, choices },
    { ifMatch: card.version },
  );
  putCustomer(client, merged.customer);
  renewAfter(client, [card.id, other.id]);
  return merged;
}

/** Makes two cards of one again, and says so. */
export async function undoMerge(client: QueryClient, mergeId: Uuid): Promise<void> {
  try {
    const { customer, restored } = await api.post<Unmerged>(`/customer-merges/${mergeId}/undo`);
    putCustomer(client, customer);
    putCustomer(client, restored);
    renewAfter(client, [customer.id, restored.id]);
    notify('notice.unmerged', null, {
      values: { first: customer.display_name, second: restored.display_name },
    });
  } catch (error) {
    reportProblem('notice.notUndone')(error);
  }
}

/** What was fetched about these cards and hangs on which of them are one. */
export function renewAfter(client: QueryClient, ids: readonly Uuid[]): void {
  for (const id of ids) {
    for (const kind of ['duplicates', 'merges', 'journey']) {
      void client.invalidateQueries({ queryKey: [kind, id] });
    }
  }
  for (const queryKey of [QUEUE, ['customers', 'list'], ['customers', 'search']]) {
    void client.invalidateQueries({ queryKey });
  }
}

function decide(act: 'put' | 'delete', id: Uuid, otherId: Uuid): Promise<void> {
  const path = `/customers/${id}/not-duplicates/${otherId}`;
  return act === 'put' ? api.put<void>(path, null) : api.delete<void>(path);
}

/** These two are not one customer; the notice takes it back. */
export async function dismissPair(
  client: QueryClient,
  first: CustomerSummary,
  second: CustomerSummary,
): Promise<void> {
  try {
    await decide('put', first.id, second.id);
    renewAfter(client, [first.id, second.id]);
    notify('notice.notDuplicate', null, {
      values: { first: first.display_name, second: second.display_name },
      action: { key: 'common.undo', run: () => void allowPair(client, first.id, second.id) },
    });
  } catch (error) {
    reportProblem('notice.notDecided')(error);
  }
}

/** These two may be one customer after all. */
export async function allowPair(client: QueryClient, first: Uuid, second: Uuid): Promise<void> {
  try {
    await decide('delete', first, second);
    renewAfter(client, [first, second]);
  } catch (error) {
    reportProblem('notice.notDecided')(error);
  }
}
