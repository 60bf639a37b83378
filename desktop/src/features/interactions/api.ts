import {
  type InfiniteData,
  keepPreviousData,
  type QueryClient,
  queryOptions,
  useInfiniteQuery,
  useQuery,
} from '@tanstack/react-query';
import { api } from '../../shared/api/client.ts';
import type {
  Activity,
  Comment,
  Interaction,
  JourneyPage,
  Uuid,
  WrapUpCode,
} from '../../shared/api/types.ts';
import { eventsSince, openedSince } from '../../shared/live/live.ts';
import { applyToJourney, type JourneyFilter } from '../../shared/live/resources.ts';

// One screen and a half: enough to scroll at once, little enough to come in 40 ms.
const PAGE_SIZE = 50;

export type JourneyKey = readonly ['journey', Uuid, JourneyFilter];
export type JourneyData = InfiniteData<JourneyPage, string | null>;

export function journeyKey(customerId: Uuid, filter: JourneyFilter): JourneyKey {
  return ['journey', customerId, filter];
}

/**
 * One page of a journey. The answer is current to its `position`; what the event stream told
 * since then is applied to it, so that nothing falls between the two.
 */
export async function fetchJourney(
  customerId: Uuid,
  filter: JourneyFilter,
  cursor: string | null,
  signal?: AbortSignal,
): Promise<JourneyPage> {
  const query = { ...filter, cursor, limit: PAGE_SIZE };
  const get = () =>
    api.get<JourneyPage>(`/customers/${customerId}/journey`, { query, ...(signal && { signal }) });
  let page = await get();
  // Opened while the answer was on its way: what happened before that is in no event of ours.
  if (page.position < openedSince(customerId)) page = await get();
  if (cursor !== null) return page;
  const [current = page] = eventsSince(page.position).reduce<JourneyPage[]>(
    (pages, event) => applyToJourney(pages, customerId, filter, event),
    [page],
  );
  return current;
}

export function journeyQuery(customerId: Uuid, filter: JourneyFilter) {
  return {
    queryKey: journeyKey(customerId, filter),
    queryFn: ({ pageParam, signal }: { pageParam: string | null; signal: AbortSignal }) =>
      fetchJourney(customerId, filter, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last: JourneyPage) => last.next_cursor,
  };
}

export function useJourney(customerId: Uuid, filter: JourneyFilter) {
  return useInfiniteQuery(journeyQuery(customerId, filter));
}

export function addComment(activityId: Uuid, text: string): Promise<Comment> {
  return api.post<Comment>(`/activities/${activityId}/comments`, { text });
}

/** Gives an activity these tags and no others. */
export function setTags(activityId: Uuid, tags: string[]): Promise<Activity> {
  return api.put<Activity>(`/activities/${activityId}/tags`, { tags });
}

/** The most used tags that begin with a text, whatever its case and accents. */
export function useTagsInUse(begins: string): string[] {
  const found = useQuery({ ...tagsThatBegin(begins), placeholderData: keepPreviousData });
  return found.data?.items.map((tag) => tag.name) ?? [];
}

function tagsThatBegin(begins: string) {
  const q = begins.trim();
  return queryOptions({
    queryKey: ['tags', q],
    queryFn: ({ signal }) =>
      api.get<{ items: { name: string }[] }>('/tags', { query: { q }, signal }),
  });
}

/** The tag that is meant by its beginning: itself, else the most used one; as it was typed when there is none. */
export async function likeliestTag(client: QueryClient, typed: string): Promise<string> {
  const { items } = await client.ensureQueryData(tagsThatBegin(typed));
  const wanted = typed.trim().toLocaleLowerCase();
  const same = items.find(({ name }) => name.toLocaleLowerCase() === wanted);
  return (same ?? items[0])?.name ?? typed;
}

export function applyWrapUp(activityId: Uuid, code: string, note: string): Promise<Activity> {
  return api.post<Activity>(`/activities/${activityId}/wrap-up`, {
    code,
    ...(note.trim() !== '' && { note: note.trim() }),
  });
}

/** Says whose interaction this is; the context follows the call (product.md 3.6). */
export function relink(interactionId: Uuid, customerId: Uuid): Promise<Interaction> {
  return api.patch<Interaction>(`/interactions/${interactionId}`, { customer_id: customerId });
}

/** Applies a change to every fetched journey, whatever its filter. */
export function changeJourneys(
  client: QueryClient,
  change: (pages: JourneyPage[], customerId: Uuid, filter: JourneyFilter) => JourneyPage[],
): void {
  for (const query of client.getQueryCache().findAll({ queryKey: ['journey'] })) {
    const [, customerId, filter] = query.queryKey as unknown as JourneyKey;
    client.setQueryData<JourneyData>(query.queryKey, (known) => {
      if (!known) return known;
      const pages = change(known.pages, customerId, filter);
      return pages === known.pages ? known : { ...known, pages };
    });
  }
}

type NewCode = Pick<WrapUpCode, 'code' | 'labels' | 'channels' | 'teams'>;

export function addCode(code: NewCode): Promise<WrapUpCode> {
  return api.post<WrapUpCode>('/wrap-up-codes', code);
}

export function changeCode(code: string, change: Partial<WrapUpCode>): Promise<WrapUpCode> {
  return api.patch<WrapUpCode>(`/wrap-up-codes/${encodeURIComponent(code)}`, change);
}

export function orderCodes(codes: string[]): Promise<{ items: WrapUpCode[] }> {
  return api.put('/wrap-up-codes', { codes });
}
