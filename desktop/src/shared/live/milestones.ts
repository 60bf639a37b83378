import type { JourneyPage, Request, RequestMilestone, Uuid } from '../api/types.ts';
import type { JourneyFilter } from './resources.ts';

/** When the pages fetched so far begin, in ms; they go back to the very beginning where nothing is older. */
function reachOf(pages: readonly JourneyPage[]): number {
  const cursor = pages.at(-1)?.next_cursor;
  // A cursor is a UUID of version 7: its first 48 bits are a time.
  return cursor ? Number.parseInt(cursor.replaceAll('-', '').slice(0, 12), 16) : -Infinity;
}

/** What a request says of itself on the time line. */
function milestonesOf(request: Request): RequestMilestone[] {
  const { id, number, title, status, created_at, created_by, closed_at, closed_by } = request;
  const tag = { id, number, title, status };
  const opened = { kind: 'opened', at: created_at, by_name: created_by, request: tag } as const;
  if (status !== 'closed' || closed_at === null) return [opened];
  return [{ kind: 'closed', at: closed_at, by_name: closed_by ?? '', request: tag }, opened];
}

function matches(request: Request, at: string, filter: JourneyFilter, shown: boolean): boolean {
  if (filter.channel || filter.tag) return false;
  if (filter.request && filter.request !== request.id) return false;
  // Who did it is told by name: one that the server said to be this agent's stays.
  if (filter.agent && filter.agent !== request.owner_id && !shown) return false;
  const ms = Date.parse(at);
  if (filter.from && ms < Date.parse(filter.from)) return false;
  return !(filter.to && ms > Date.parse(filter.to));
}

export const milestoneKey = ({ kind, request }: RequestMilestone) => `${request.id}-${kind}`;

/** Takes a request off the time line. */
export function withoutRequest(pages: JourneyPage[], id: Uuid): JourneyPage[] {
  if (!pages.some((page) => page.requests.some((one) => one.request.id === id))) return pages;
  return pages.map((page) => ({
    ...page,
    requests: page.requests.filter((one) => one.request.id !== id),
  }));
}

/** The time line after a request was opened or changed, as far back as it was fetched. */
export function withRequest(
  pages: JourneyPage[],
  customerId: Uuid,
  filter: JourneyFilter,
  request: Request,
): JourneyPage[] {
  const without = withoutRequest(pages, request.id);
  const [first, ...rest] = without;
  if (!first || request.customer_id !== customerId) return without;
  const reach = reachOf(pages);
  const fresh = milestonesOf(request).filter(
    ({ at }) => Date.parse(at) >= reach && matches(request, at, filter, without !== pages),
  );
  return fresh.length === 0
    ? without
    : [{ ...first, requests: [...fresh, ...first.requests] }, ...rest];
}

/** Puts those of a freshly fetched first page over those that are shown. */
export function mergeMilestones(
  known: readonly RequestMilestone[],
  head: readonly RequestMilestone[],
): RequestMilestone[] {
  const fresh = new Set(head.map(milestoneKey));
  return [...head, ...known.filter((one) => !fresh.has(milestoneKey(one)))];
}
