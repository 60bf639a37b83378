import i18next from 'i18next';
import { beforeAll, expect, it } from 'vitest';
import type { AttributeType, Json } from '../api/types.ts';
import { startI18n } from '../i18n/i18n.ts';
import { FIELD_TYPES, typedOf, valueOfTyped } from './fieldTypes.ts';

beforeAll(() => startI18n('en'));

const SHOWN: [AttributeType['type'], Json, string][] = [
  ['text', 'as it is', 'as it is'],
  ['integer', 1234567, '1,234,567'],
  ['integer', 1998, '1998'],
  ['decimal', '900719925474099.123456', '900,719,925,474,099.123456'],
  ['bool', false, 'No'],
  ['multiple_choice', ['Red', 'Green'], 'Red, Green'],
  ['date', '2024-02-29', 'Feb 29, 2024'],
  ['time', '09:30:00', '09:30'],
  ['time', '09:30:05', '09:30:05'],
  ['duration', 3905, '1:05:05'],
];

it.each(SHOWN)('a value of the type %s: %s reads %s', (type, value, text) => {
  expect(FIELD_TYPES[type].show(value, i18next.t)).toBe(text);
});

// What stands in the control for a stored value, and what it becomes when it is saved unchanged.
const EDITED: [AttributeType['type'], Json, string, Json][] = [
  ['text', 'as it is', 'as it is', 'as it is'],
  ['integer', 1234567, '1234567', '1234567'],
  ['decimal', '1249.5', '1249.5', '1249.5'],
  ['bool', false, 'false', false],
  ['choice', 'Gold', 'Gold', 'Gold'],
  ['date', '2024-02-29', '2024-02-29', '2024-02-29'],
  ['time', '09:30:00', '09:30:00', '09:30:00'],
  ['duration', 65, '0:01:05', '0:01:05'],
  ['phone', '020 7946 0958', '020 7946 0958', '020 7946 0958'],
];

it.each(EDITED)('a value of the type %s: %s is edited as %s', (type, value, typed, saved) => {
  const control = FIELD_TYPES[type].control({ type, options: ['Gold'] }, i18next.t);
  expect(typedOf(control, value)).toBe(typed);
  expect(valueOfTyped(control, typed)).toEqual(saved);
  expect(valueOfTyped(control, '')).toBeNull();
  expect(typedOf(control, null)).toBe('');
});

it('a moment is edited in the zone of the user and saved as the same moment', () => {
  const control = FIELD_TYPES.date_time.control({ type: 'date_time' }, i18next.t);
  const typed = typedOf(control, '2026-11-22T09:30:00Z');
  expect(typed).toMatch(/^2026-11-2[123]T\d\d:\d\d$/);
  expect(valueOfTyped(control, typed)).toBe('2026-11-22T09:30:00.000Z');
});
