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
