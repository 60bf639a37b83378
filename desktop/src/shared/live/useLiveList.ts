import { type QueryKey, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { api } from '../api/client.ts';
import type { LiveEvent } from './events.ts';
import { onLiveEvent, onReload, withEventsMeanwhile } from './live.ts';

/**
 * A whole list from the API (`{items}`), kept current by the events that `after` knows: it gives the
 * list after one event, the same array when the event is about something else.
 */
export function useLiveList<Item>(
  key: QueryKey,
  path: string,
  after: (known: Item[], event: LiveEvent) => Item[],
) {
  return useLiveAnswer(
    key,
    async (signal) => (await api.get<{ items: Item[] }>(path, { signal })).items,
    after,
  );
}

/** Any answer that is kept current by events: see useLiveList. */
export function useLiveAnswer<Answer>(
  key: QueryKey,
  fetchAnswer: (signal: AbortSignal) => Promise<Answer>,
  after: (known: Answer, event: LiveEvent) => Answer,
) {
  const client = useQueryClient();
  const latest = useRef({ key, after });
  useEffect(() => {
    latest.current = { key, after };
  });
  useEffect(() => {
    const stops = [
      onLiveEvent((event) => {
        const known = client.getQueryData<Answer>(latest.current.key);
        const next = known && latest.current.after(known, event);
        // Most events are about something else: then nobody who shows the list is to be told.
        if (next !== known) client.setQueryData<Answer>(latest.current.key, next);
      }),
      onReload(() => void client.invalidateQueries({ queryKey: latest.current.key })),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [client]);
  return useQuery({
    queryKey: key,
    // Nobody follows it any more: what changes from then on would be missed.
    gcTime: 0,
    queryFn: ({ signal }) => withEventsMeanwhile(() => fetchAnswer(signal), after),
  });
}
