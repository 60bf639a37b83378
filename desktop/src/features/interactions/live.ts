import type { QueryClient } from '@tanstack/react-query';
import type { Uuid } from '../../shared/api/types.ts';
import type { OpenedEvent } from '../../shared/live/events.ts';
import { onLiveEvent, onReload } from '../../shared/live/live.ts';
import type { LiveState } from '../../shared/live/reducer.ts';
import {
  applyToJourney,
  type JourneyFilter,
  mergeHead,
  needsActivities,
} from '../../shared/live/resources.ts';
import { reportProblem } from '../../shared/ui/notices.ts';
import { changeJourneys, fetchJourney, type JourneyData, journeyKey } from './api.ts';

async function refreshHead(client: QueryClient, customerId: Uuid, filter: JourneyFilter) {
  const head = await fetchJourney(customerId, filter, null);
  client.setQueryData<JourneyData>(journeyKey(customerId, filter), (known) =>
    known ? { ...known, pages: mergeHead(known.pages, head) } : known,
  );
}

/**
 * The stream tells of a customer only from its opening on: a journey that is current to an earlier
 * position may lack what happened in between, and is fetched again.
 */
function renewOlder(client: QueryClient, { payload, pos }: OpenedEvent, before: LiveState): void {
  const { id } = payload.open.customer;
  if (before.desk.open.some((one) => one.customer.id === id)) return;
  for (const [queryKey, data] of client.getQueriesData<JourneyData>({
    queryKey: ['journey', id],
  })) {
    const position = data?.pages[0]?.position ?? pos;
    if (position < pos) void client.invalidateQueries({ queryKey });
  }
}

/** Keeps the fetched journeys current. Returns how to stop. */
export function startJourneysLive(client: QueryClient): () => void {
  const stopEvents = onLiveEvent((event, before) => {
    const incomplete: [Uuid, JourneyFilter][] = [];
    changeJourneys(client, (pages, customerId, filter) => {
      if (needsActivities(pages, customerId, event)) incomplete.push([customerId, filter]);
      return applyToJourney(pages, customerId, filter, event);
    });
    if (event.type === 'desk.customer_opened') renewOlder(client, event, before);
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
