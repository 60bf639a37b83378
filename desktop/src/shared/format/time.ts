import { locale } from './locale.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

// Making an Intl format is slow (about 50 us), using it is not.
const formats = new Map<string, Intl.DateTimeFormat>();

function format(name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale()} ${name}`;
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(locale(), options);
  formats.set(key, made);
  return made;
}

/** The full date and time in the user's zone, for hovering. */
export function absoluteTime(at: string): string {
  return format('absolute', { dateStyle: 'full', timeStyle: 'medium' }).format(new Date(at));
}

/** Date and time to the second, for records that are compared with others. */
export function exactTime(at: string): string {
  return format('exact', { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(at));
}

export function clockTime(at: string | number): string {
  return format('clock', { timeStyle: 'short' }).format(new Date(at));
}

/** A moment's calendar day in the user's zone, as date fields have it: 2026-11-22. */
export function dayOf(moment: string | number): string {
  const date = new Date(moment);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

export function calendarDate(at: string, now: number): string {
  const date = new Date(at);
  const sameYear = date.getFullYear() === new Date(now).getFullYear();
  return sameYear
    ? format('day', { day: 'numeric', month: 'short' }).format(date)
    : format('dayAndYear', { day: 'numeric', month: 'short', year: 'numeric' }).format(date);
}

/** Date and time of day, short; the year only when it is another one. */
export function dateAndTime(at: string, now: number): string {
  const date = new Date(at);
  if (date.getFullYear() !== new Date(now).getFullYear()) return calendarDate(at, now);
  return format('dayAndTime', {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  }).format(date);
}

/** "5 minutes ago" within a day; the date and time before that. */
export function relativeTime(at: string, now: number): string {
  const age = Date.parse(at) - now;
  const relative = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto', style: 'long' });
  // Clocks differ by seconds: what just happened is never "in 2 seconds".
  if (age > -45_000 && age < MINUTE) return relative.format(0, 'second');
  if (age > -HOUR) return relative.format(Math.round(age / MINUTE), 'minute');
  if (age > -DAY) return relative.format(Math.round(age / HOUR), 'hour');
  return dateAndTime(at, now);
}

function dayNumber(at: number): number {
  const date = new Date(at);
  return Math.floor((at - date.getTimezoneOffset() * MINUTE) / DAY);
}

/** The heading under which a journey groups a moment: today, yesterday, else its month. */
export function dayGroup(at: string, now: number): { key: string; label: string } {
  const moment = Date.parse(at);
  const days = dayNumber(now) - dayNumber(moment);
  if (days <= 1) {
    const label = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' }).format(
      days <= 0 ? 0 : -1,
      'day',
    );
    return { key: days <= 0 ? 'today' : 'yesterday', label: capitalise(label) };
  }
  const label = format('month', { month: 'long', year: 'numeric' }).format(new Date(moment));
  return { key: `month ${label}`, label: capitalise(label) };
}

function capitalise(text: string): string {
  return text.charAt(0).toLocaleUpperCase(locale()) + text.slice(1);
}

/** Seconds as m:ss, or h:mm:ss from an hour on. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const s = String(whole % 60).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}:${s}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${s}`;
}

/** m:ss from a moment until now (both in ms or ISO), never negative. */
export function elapsed(since: string, now: number): string {
  return duration((now - Date.parse(since)) / 1000);
}

export function languageName(code: string): string {
  try {
    return new Intl.DisplayNames([locale()], { type: 'language' }).of(code) ?? code;
  } catch (error) {
    // A code that Intl cannot read is shown as it was stored.
    if (error instanceof RangeError) return code;
    throw error;
  }
}

export function countryName(code: string): string {
  if (!/^[A-Za-z]{2}$/.test(code)) return code;
  return new Intl.DisplayNames([locale()], { type: 'region' }).of(code.toUpperCase()) ?? code;
}
