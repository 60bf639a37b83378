import { type QueryClient, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api } from '../../shared/api/client.ts';
import type { CardChange, CardChanges, Uuid } from '../../shared/api/types.ts';
import type { LiveEvent } from '../../shared/live/events.ts';
import { onLiveEvent, onReload } from '../../shared/live/live.ts';
import type { JourneyData } from './api.ts';

const PAGE_SIZE = 50;

/** Whether a journey that is shown somewhere has this interaction already. */
function hasInteraction(client: QueryClient, customerId: Uuid, id: Uuid): boolean {
  return client
    .getQueriesData<JourneyData>({ queryKey: ['journey', customerId] })
    .some(([, data]) => data?.pages.some((page) => page.items.some((one) => one.id === id)));
}

/** Whether an event may mean that something was done to the card. */
function concerns(client: QueryClient, customerId: Uuid, event: LiveEvent): boolean {
  switch (event.type) {
    case 'customer.created':
    case 'customer.changed':
    case 'customer.archived':
      return event.payload.customer.id === customerId;
    case 'customer.merged':
    case 'customer.unmerged':
      return true;
    case 'interaction.changed': {
      const { id, customer_id } = event.payload.interaction;
      return customer_id !== customerId || !hasInteraction(client, customerId, id);
    }
    default:
      return false;
  }
}

/** What was done to a card, newest first, kept current. Nothing is asked for while nobody wants to see it. */
export function useCardChanges(customerId: Uuid, wanted: boolean) {
  const client = useQueryClient();
  useEffect(() => {
    if (!wanted) return;
    const queryKey = ['changes', customerId];
    const renew = () => void client.invalidateQueries({ queryKey });
    const stops = [
      onLiveEvent((event) => {
        if (concerns(client, customerId, event)) renew();
      }),
      onReload(renew),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [client, customerId, wanted]);
  return useInfiniteQuery({
    queryKey: ['changes', customerId],
    queryFn: ({ pageParam, signal }) =>
      api.get<CardChanges>(`/customers/${customerId}/changes`, {
        query: { cursor: pageParam, limit: PAGE_SIZE },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    enabled: wanted,
    // Nobody follows them any more: what changes from then on would be missed.
    gcTime: 0,
  });
}

/**
 * The changes that fit among what was fetched so far of the journey, which begins at `oldest`: older ones wait until the journey
 * reaches back to them, so that none stands where something between is missing.
 */
export function withinReach(
  changes: readonly CardChange[],
  oldest: string | undefined,
  whole: boolean,
): CardChange[] {
  return whole || !oldest ? [...changes] : changes.filter((one) => one.at >= oldest);
}
