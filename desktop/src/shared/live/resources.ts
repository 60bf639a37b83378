import type {
  Comment,
  Customer,
  CustomerRequests,
  Interaction,
  JourneyPage,
  Request,
  Uuid,
} from '../api/types.ts';
import type { LiveEvent, ToldActivity, ToldInteraction } from './events.ts';
import { mergeMilestones, withoutRequest, withRequest } from './milestones.ts';
import { retagged } from './reducer.ts';

function newerOf(known: Customer, told: Customer): Customer {
  return told.id === known.id && told.version > known.version ? told : known;
}

/** A fetched customer after one event; the same object when the event says nothing newer. */
export function applyToCustomer(customer: Customer, event: LiveEvent): Customer {
  switch (event.type) {
    case 'customer.created':
    case 'customer.changed':
    case 'customer.archived':
    case 'customer.merged':
      return newerOf(customer, event.payload.customer);
    case 'customer.unmerged':
      return newerOf(newerOf(customer, event.payload.customer), event.payload.restored);
    default:
      return customer;
  }
}

/** What the journey on the screen is narrowed to; null or '' means no limit. */
export interface JourneyFilter {
  channel: string | null;
  request: Uuid | null;
  /** The one that is shown by itself. */
  interaction: Uuid | null;
  agent: Uuid | null;
  tag: string | null;
  from: string | null;
  to: string | null;
}

export const NO_FILTER: JourneyFilter = {
  channel: null,
  request: null,
  interaction: null,
  agent: null,
  tag: null,
  from: null,
  to: null,
};

function hasTag(tags: readonly string[], wanted: string | null): boolean {
  const folded = wanted?.toLocaleLowerCase();
  return tags.some((tag) => tag.toLocaleLowerCase() === folded);
}

/** Whether a new interaction belongs among the filtered ones that are shown. */
export function matchesFilter(interaction: Interaction, filter: JourneyFilter): boolean {
  if (filter.channel && interaction.channel !== filter.channel) return false;
  if (filter.interaction && interaction.id !== filter.interaction) return false;
  if (filter.request && interaction.request_id !== filter.request) return false;
  // The agents and tags of a new interaction come with its activities, later: a journey that is
  // narrowed by them leaves it out until it is fetched again.
  if (filter.agent && !interaction.activities.some((one) => one.agent_id === filter.agent)) {
    return false;
  }
  if (filter.tag && !interaction.activities.some((one) => hasTag(one.tags, filter.tag)))
    return false;
  if (filter.from && interaction.started_at < filter.from) return false;
  return !(filter.to && interaction.started_at > filter.to);
}

function newestFirst(a: Interaction, b: Interaction): number {
  return b.started_at.localeCompare(a.started_at) || b.id.localeCompare(a.id);
}

function changeInteraction(
  pages: JourneyPage[],
  id: Uuid,
  change: (interaction: Interaction) => Interaction,
): JourneyPage[] {
  let found = false;
  const next = pages.map((page) => {
    if (!page.items.some((one) => one.id === id)) return page;
    found = true;
    return { ...page, items: page.items.map((one) => (one.id === id ? change(one) : one)) };
  });
  return found ? next : pages;
}

/**
 * What an event leaves out of an activity did not change. Comments also travel by their own
 * events: those already known are kept when this one carries fewer.
 */
function putActivity(interaction: Interaction, told: ToldActivity): Interaction {
  const known = interaction.activities.find((one) => one.id === told.id);
  if (!known) {
    const whole = { tags: [], fields: {}, wrap_ups: [], comments: [], ...told };
    const activities = [...interaction.activities, whole].sort((a, b) =>
      a.started_at.localeCompare(b.started_at),
    );
    return { ...interaction, activities };
  }
  const comments =
    told.comments && told.comments.length >= known.comments.length ? told.comments : known.comments;
  return {
    ...interaction,
    activities: interaction.activities.map((one) =>
      one.id === told.id ? { ...one, ...told, comments } : one,
    ),
  };
}

function putComment(interaction: Interaction, activityId: Uuid, comment: Comment): Interaction {
  return {
    ...interaction,
    activities: interaction.activities.map((one) =>
      one.id !== activityId || one.comments.some((known) => known.id === comment.id)
        ? one
        : { ...one, comments: [...one.comments, comment] },
    ),
  };
}

function putInteraction(
  pages: JourneyPage[],
  customerId: Uuid,
  filter: JourneyFilter,
  told: ToldInteraction,
): JourneyPage[] {
  const shown = pages.some((page) => page.items.some((one) => one.id === told.id));
  if (told.customer_id !== customerId) {
    if (!shown) return pages;
    return pages.map((page) => ({
      ...page,
      items: page.items.filter((one) => one.id !== told.id),
    }));
  }
  if (shown) {
    // One that now belongs to another request stays where it is seen, until the journey is asked anew.
    return changeInteraction(pages, told.id, (known) => ({ ...known, ...told }));
  }
  const [first, ...rest] = pages;
  const whole = { activities: [], request: null, request_id: null, ...told };
  if (!first || !matchesFilter(whole, filter)) return pages;
  return [{ ...first, items: [whole, ...first.items].sort(newestFirst) }, ...rest];
}

/** The fetched pages of one customer's journey after one event; the same array if untouched. */
export function applyToJourney(
  pages: JourneyPage[],
  customerId: Uuid,
  filter: JourneyFilter,
  event: LiveEvent,
): JourneyPage[] {
  switch (event.type) {
    case 'interaction.changed':
      return putInteraction(pages, customerId, filter, event.payload.interaction);
    case 'activity.changed': {
      const { activity } = event.payload;
      return changeInteraction(pages, activity.interaction_id, (one) => putActivity(one, activity));
    }
    case 'activity.removed': {
      const { activity_id, interaction_id } = event.payload;
      return changeInteraction(pages, interaction_id, (one) => ({
        ...one,
        activities: one.activities.filter((activity) => activity.id !== activity_id),
      }));
    }
    case 'comment.added': {
      const { interaction_id, activity_id, comment } = event.payload;
      return changeInteraction(pages, interaction_id, (one) =>
        putComment(one, activity_id, comment),
      );
    }
    case 'request.changed': {
      const { request } = event.payload;
      return withRequest(retagAll(pages, request), customerId, filter, request);
    }
    case 'request.discarded':
      return withoutRequest(pages, event.payload.request_id);
    default:
      return pages;
  }
}

/** One fetched interaction after one event, whoever it belongs to; the same object if untouched. */
export function applyToInteraction(known: Interaction, event: LiveEvent): Interaction {
  if (event.type === 'interaction.changed') {
    const told = event.payload.interaction;
    return told.id === known.id ? { ...known, ...told } : known;
  }
  const page = { position: 0, items: [known], next_cursor: null, requests: [] };
  // Only what an interaction itself says depends on whose it is.
  const [after = page] = applyToJourney([page], '', NO_FILTER, event);
  return after.items[0] ?? known;
}

function retagAll(pages: JourneyPage[], request: Request): JourneyPage[] {
  const about = (page: JourneyPage) => page.items.some((one) => one.request?.id === request.id);
  if (!pages.some(about)) return pages;
  return pages.map((page) =>
    about(page) ? { ...page, items: page.items.map((one) => retagged(one, request)) } : page,
  );
}

/** Whether an event brings an interaction to this journey whose earlier activities it does not carry. */
export function needsActivities(pages: JourneyPage[], customerId: Uuid, event: LiveEvent): boolean {
  if (event.type !== 'interaction.changed') return false;
  const { interaction } = event.payload;
  return (
    interaction.customer_id === customerId &&
    !interaction.activities?.length &&
    !pages.some((page) => page.items.some((one) => one.id === interaction.id))
  );
}

function activeThenNewest(a: Request, b: Request): number {
  return a.status.localeCompare(b.status) || b.id.localeCompare(a.id);
}

/** The fetched requests of one customer after one event; the same object if untouched. */
export function applyToRequests(
  known: CustomerRequests,
  customerId: Uuid,
  event: LiveEvent,
): CustomerRequests {
  if (event.type === 'request.discarded') {
    const items = known.items.filter((one) => one.id !== event.payload.request_id);
    return items.length === known.items.length
      ? known
      : { ...known, items, total: known.total - 1 };
  }
  if (event.type !== 'request.changed') return known;
  const { request } = event.payload;
  const shown = known.items.find((one) => one.id === request.id);
  if (request.customer_id !== customerId) {
    if (!shown) return known;
    const items = known.items.filter((one) => one !== shown);
    return { ...known, items, total: known.total - 1 };
  }
  if (shown && shown.version >= request.version) return known;
  const items = [...known.items.filter((one) => one !== shown), request].sort(activeThenNewest);
  return { ...known, items, total: known.total + (shown ? 0 : 1) };
}

/** Puts a freshly fetched first page over the pages shown, so that both stay complete. */
export function mergeHead(pages: JourneyPage[], head: JourneyPage): JourneyPage[] {
  const fresh = new Map(head.items.map((one) => [one.id, one]));
  const shown = new Set(pages.flatMap((page) => page.items.map((one) => one.id)));
  const renewed = pages.map((page) => ({
    ...page,
    items: page.items.map((one) => fresh.get(one.id) ?? one),
  }));
  const [first, ...rest] = renewed;
  if (!first) return [head];
  const added = head.items.filter((one) => !shown.has(one.id));
  const items = [...added, ...first.items].sort(newestFirst);
  const requests = mergeMilestones(first.requests, head.requests);
  return [{ ...first, items, requests }, ...rest];
}
