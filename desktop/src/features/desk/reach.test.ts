import { expect, it } from 'vitest';
import { customer, summary } from '../../shared/live/fixtures.ts';
import { waysTo } from './reach.ts';

const identity = (
  id: string,
  kind: 'phone' | 'email' | 'chat',
  value: string,
  position: number,
  more: { confidence?: 'known' | 'maybe'; attribute?: string } = {},
) => ({
  id,
  kind,
  value,
  normalised: value,
  confidence: 'known' as const,
  position,
  attribute: null,
  ...more,
});

it('offers every address on each channel that takes it, calls first and in the order of the card', () => {
  const emma = customer({
    identities: [
      identity('a', 'email', 'emma@example.com', 1),
      identity('b', 'phone', '+44 161 496 0002', 2),
      identity('c', 'phone', '+44 161 496 0001', 1),
      identity('d', 'chat', 'emma-77', 1),
    ],
  });
  expect(waysTo(emma, undefined).map((one) => `${one.channel} ${one.address}`)).toEqual([
    'voice +44 161 496 0001',
    'voice +44 161 496 0002',
    'sms +44 161 496 0001',
    'sms +44 161 496 0002',
    'email emma@example.com',
    'chat emma-77',
  ]);
});

it('offers the numbers behind the fifth, those in fields and unconfirmed ones like the others, and says which they are', () => {
  const emma = customer({
    identities: [
      identity('a', 'phone', '+44 161 496 0001', 1),
      identity('b', 'phone', '+44 161 496 0006', 6),
      identity('c', 'phone', '+44 161 496 0007', 7, { attribute: 'second_home' }),
      identity('d', 'phone', '+44 161 496 0008', 8, { confidence: 'maybe' }),
    ],
  });
  const calls = waysTo(emma, undefined).filter((one) => one.channel === 'voice');
  expect(calls.map((one) => [one.address, one.attribute, one.unconfirmed])).toEqual([
    ['+44 161 496 0001', null, false],
    ['+44 161 496 0006', null, false],
    ['+44 161 496 0007', 'second_home', false],
    ['+44 161 496 0008', null, true],
  ]);
});

it('goes by the short form of a customer whose card is not shown', () => {
  const emma = summary('emma', { phone_1: '+44 161 496 0001', email: null });
  expect(waysTo(undefined, emma).map((one) => one.channel)).toEqual(['voice', 'sms']);
  expect(waysTo(undefined, undefined)).toEqual([]);
});
