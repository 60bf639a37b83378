import type { Request } from '../../shared/api/types.ts';
import { locale } from '../../shared/format/locale.ts';
import { dayOf } from '../../shared/format/time.ts';

/** The number as people say it. */
export function reference(number: number): string {
  return `REQ-${number}`;
}

export function isOverdue({ status, due_on }: Request, now: number): boolean {
  return status === 'active' && due_on !== null && due_on < dayOf(now);
}

/** A day as one reads it: the weekday within a week, else the date. */
export function dayText(day: string, now: number): string {
  const date = new Date(`${day}T12:00:00`);
  const away = (date.getTime() - now) / 86_400_000;
  const options: Intl.DateTimeFormatOptions =
    away > 0.5 && away < 6.5 ? { weekday: 'short' } : { day: 'numeric', month: 'short' };
  if (date.getFullYear() !== new Date(now).getFullYear()) options.year = 'numeric';
  return new Intl.DateTimeFormat(locale(), options).format(date);
}
