import i18next from 'i18next';
import { beforeAll, expect, it } from 'vitest';
import type { Attribute, AttributeType, Json } from '../../shared/api/types.ts';
import { startI18n } from '../../shared/i18n/i18n.ts';
import { attributeText } from './attributes.ts';

beforeAll(() => startI18n('en'));

const of = (type: AttributeType['type']): Attribute => ({
  id: 'colour',
  key: 'colour',
  label: 'Colour',
  type: { type },
  required: false,
  help: '',
  privacy: 'plain',
  hidden_at: null,
});

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
  expect(attributeText(of(type), value, i18next.t)).toBe(text);
});
