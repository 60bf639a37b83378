import { CHANNELS } from '../../shared/api/types.ts';
import { dayOf } from '../../shared/format/time.ts';
import type { JourneyFilter } from '../../shared/live/resources.ts';

export function isNarrowed(filter: JourneyFilter): boolean {
  return Object.values(filter).some((value) => value !== null && value !== '');
}

/** The first moment of a calendar day in the user's zone, as the API wants it. */
export function dayStart(date: string): string | null {
  if (date === '') return null;
  const start = new Date(`${date}T00:00:00`);
  return Number.isNaN(start.getTime()) ? null : start.toISOString();
}

/** The last moment of a calendar day in the user's zone. */
export function dayEnd(date: string): string | null {
  if (date === '') return null;
  const end = new Date(`${date}T23:59:59.999`);
  return Number.isNaN(end.getTime()) ? null : end.toISOString();
}

/** The calendar day in the user's zone that a moment lies on, for a date field. */
export function fieldDay(moment: string | null): string {
  return moment === null ? '' : dayOf(moment);
}

/** The start of the stretch of the last `days` calendar days, today among them. */
export function daysBack(days: number, now: Date = new Date()): string {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - days + 1).toISOString();
}

const NAMES = ['channel', 'request', 'interaction', 'agent', 'tag', 'from', 'to'] as const;

/** A filter as it stands in the address. */
export function searchOfFilter(filter: JourneyFilter): string {
  const search = new URLSearchParams();
  for (const name of NAMES) if (filter[name]) search.set(name, filter[name]);
  return search.toString();
}

/** The filter that an address speaks of; what can't be one narrows nothing. */
export function filterOfSearch(text: string): JourneyFilter {
  const search = new URLSearchParams(text);
  const said = (name: (typeof NAMES)[number]) => search.get(name)?.trim() || null;
  const moment = (value: string | null) =>
    value !== null && !Number.isNaN(Date.parse(value)) ? value : null;
  const id = (value: string | null) =>
    value !== null && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value) ? value : null;
  const channel = said('channel');
  return {
    channel: CHANNELS.some((one) => one === channel) ? channel : null,
    request: id(said('request')),
    interaction: id(said('interaction')),
    agent: id(said('agent')),
    tag: said('tag'),
    from: moment(said('from')),
    to: moment(said('to')),
  };
}
