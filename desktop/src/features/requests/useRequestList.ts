import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api } from '../../shared/api/client.ts';
import type { Page, Request } from '../../shared/api/types.ts';
import { withNewer } from '../../shared/list/rows.ts';
import type { LiveEvent } from '../../shared/live/events.ts';
import { listenTo, onLiveEvent, onReload, withEventsMeanwhile } from '../../shared/live/live.ts';

const LIST = ['requests', 'list'] as const;

function applyToRows(known: Page<Request>, event: LiveEvent): Page<Request> {
  return event.type === 'request.changed' ? withNewer(known, event.payload.request) : known;
}

/** One page of the list of requests; the rows before it stay until it has come. Rows that are shown are kept current. */
export function useRequestList(query: Record<string, string | number>) {
  const client = useQueryClient();
  useEffect(() => {
    const stops = [
      listenTo('requests'),
      onLiveEvent((event) => {
        if (event.type === 'request.discarded') void client.invalidateQueries({ queryKey: LIST });
        if (event.type !== 'request.changed') return;
        client.setQueriesData<Page<Request>>({ queryKey: LIST }, (known) =>
          known ? applyToRows(known, event) : known,
        );
        // One that is new may belong among those shown.
        if (event.payload.request.version === 1) void client.invalidateQueries({ queryKey: LIST });
      }),
      onReload(() => void client.invalidateQueries({ queryKey: LIST })),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [client]);
  return useQuery({
    queryKey: [...LIST, query],
    queryFn: ({ signal }) =>
      withEventsMeanwhile(
        () => api.get<Page<Request>>('/requests', { query, signal }),
        applyToRows,
      ),
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
}
