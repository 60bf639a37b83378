import type { QueryClient } from '@tanstack/react-query';
import type { Uuid } from '../../shared/api/types.ts';
import { onLiveEvent, onReload } from '../../shared/live/live.ts';
import {
  applyToJourney,
  type JourneyFilter,
  mergeHead,
  needsActivities,
} from '../../shared/live/resources.ts';
import { reportProblem } from '../../shared/ui/notices.ts';
import {
  changeJourneys,
  fetchJourney,
  type JourneyData,
  type JourneyKey,
  journeyKey,
} from './api.ts';

async function refreshHead(client: QueryClient, customerId: Uuid, filter: JourneyFilter) {
  const head = await fetchJourney(customerId, filter, null);
  client.setQueryData<JourneyData>(journeyKey(customerId, filter), (known) =>
    known ? { ...known, pages: mergeHead(known.pages, head) } : known,
  );
}

/** Keeps the fetched journeys current. Returns how to stop. */
export function startJourneysLive(client: QueryClient): () => void {
  const stopEvents = onLiveEvent((event) => {
    const incomplete: [Uuid, JourneyFilter][] = [];
    changeJourneys(client, (pages, customerId, filter) => {
      if (needsActivities(pages, customerId, event)) incomplete.push([customerId, filter]);
      return applyToJourney(pages, customerId, filter, event);
    });
    if (event.type === 'desk.customer_opened') {
      // The stream tells of a customer only from here on: a journey that is current to an earlier
      // position may lack what happened in between.
      for (const [key, data] of client.getQueriesData<JourneyData>({
        queryKey: ['journey', event.payload.open.customer.id],
      })) {
        const [, customerId, filter] = key as unknown as JourneyKey;
        const position = data?.pages[0]?.position ?? event.pos;
        if (position < event.pos) incomplete.push([customerId, filter]);
      }
    }
    if (event.type === 'desk.customer_closed') {
      const queryKey = ['journey', event.payload.customer.id];
      client.removeQueries({ queryKey, type: 'inactive' });
    }
    for (const [customerId, filter] of incomplete) {
      refreshHead(client, customerId, filter).catch(reportProblem('notice.journeyStale'));
    }
  });
  const stopReload = onReload(() => void client.invalidateQueries({ queryKey: ['journey'] }));
  return () => {
    stopEvents();
    stopReload();
  };
}
