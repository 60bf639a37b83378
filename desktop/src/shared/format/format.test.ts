import * as numberingPlans from 'libphonenumber-js/min';
import { beforeAll, describe, expect, it } from 'vitest';
import { startI18n } from '../i18n/i18n.ts';
import { formatPhone } from './phone.ts';
import { dayGroup, duration, elapsed, relativeTime } from './time.ts';

const NOW = Date.parse('2026-11-22T10:00:00Z');
const ago = (ms: number) => new Date(NOW - ms).toISOString();
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

beforeAll(() => startI18n('en'));

describe('a duration', () => {
  it.each([
    [0, '0:00'],
    [7.9, '0:07'],
    [231, '3:51'],
    [3600, '1:00:00'],
    [36_061, '10:01:01'],
    [-3, '0:00'],
  ])('of %f s reads %s', (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });

  it('runs from a moment until now', () => {
    expect(elapsed(ago(MINUTE + 5_000), NOW)).toBe('1:05');
  });
});

describe('a moment', () => {
  it.each([
    [10_000, 'now'],
    [-3_000, 'now'],
    [5 * MINUTE, '5 minutes ago'],
    [3 * HOUR, '3 hours ago'],
  ])('%i ms ago reads %s', (age, text) => {
    expect(relativeTime(ago(age), NOW)).toBe(text);
  });

  it('is a date after a day, with the year when it is another one', () => {
    expect(relativeTime('2026-11-20T09:05:00Z', NOW)).toMatch(/Nov.*20.*10:05|20.*Nov.*10:05/);
    expect(relativeTime('2024-05-03T09:05:00Z', NOW)).toMatch(/2024/);
  });

  it('is grouped by day, then by month', () => {
    expect(dayGroup(ago(HOUR), NOW)).toEqual({ key: 'today', label: 'Today' });
    expect(dayGroup('2026-11-21T12:00:00Z', NOW).key).toBe('yesterday');
    expect(dayGroup('2026-05-03T12:00:00Z', NOW).label).toBe('May 2026');
  });
});

describe('a telephone number', () => {
  it.each([
    ['+46 8 123 456 78', '08-123 456 78'],
    ['08-123 456 78', '08-123 456 78'],
    ['+44 20 7946 0958', '+44 20 7946 0958'],
    ['700', '700'],
    ['not a number', 'not a number'],
  ])('%s shows as %s in Sweden', (stored, shown) => {
    expect(formatPhone(numberingPlans, stored, 'SE')).toBe(shown);
  });

  it('of no known form shows as it was typed, with every digit that is dialled', () => {
    expect(formatPhone(numberingPlans, '0705551010', 'GB')).toBe('0705551010');
    expect(formatPhone(numberingPlans, '+44705551010', 'GB')).toBe('+44 705551010');
  });

  it('shows as stored until the numbering plans have come', () => {
    expect(formatPhone(null, '+46812345678', 'SE')).toBe('+46812345678');
  });
});
