import { beforeAll, describe, expect, it } from 'vitest';
import type { WrapUpCode } from '../../shared/api/types.ts';
import { startI18n } from '../../shared/i18n/i18n.ts';
import { call, desk } from '../../shared/live/fixtures.ts';
import { arrangeCodes, codesFor } from './codes.ts';
import { agentState } from './states.ts';

const code = (name: string, label: string, uses: number, active = true): WrapUpCode => ({
  code: name,
  labels: { en: label, sv: `${label} på svenska` },
  channels: [],
  teams: [],
  active,
  uses,
});
const CODES = [
  code('a', 'Address', 1),
  code('b', 'Billing', 40),
  code('c', 'Callback', 7),
  code('d', 'Delivery', 12),
  code('e', 'Expired', 99, false),
  code('z', 'Zero', 0),
];
const names = (query: string) => {
  const { used, others } = arrangeCodes(CODES, query);
  return [used.map((one) => one.code), others.map((one) => one.code)];
};

beforeAll(() => startI18n('en'));

describe('the wrap-up codes of a leg', () => {
  it('are those of its team and channel, and those of all', () => {
    const all = [
      { ...code('all', 'All', 0) },
      { ...code('north', 'North', 0), teams: ['north'] },
      { ...code('mail', 'Mail', 0), channels: ['email' as const] },
      {
        ...code('both', 'Both', 0),
        teams: ['north'],
        channels: ['email' as const, 'voice' as const],
      },
    ];
    const found = (channel: string, team: string | null) =>
      codesFor(all, channel, team).map((one) => one.code);
    expect(found('voice', 'north')).toEqual(['all', 'north', 'both']);
    expect(found('email', 'south')).toEqual(['all', 'mail']);
    expect(found('voice', null)).toEqual(['all']);
  });
});

describe('the wrap-up codes on offer', () => {
  it('are the three most used, then the others in their order, without retired ones', () => {
    expect(names('')).toEqual([
      ['b', 'd', 'c'],
      ['a', 'z'],
    ]);
  });

  it('are narrowed by what is typed, ignoring case', () => {
    expect(names('LL')).toEqual([['b', 'c'], []]);
    expect(names('nothing')).toEqual([[], []]);
  });

  it('are all there again when the field holds a chosen one', () => {
    expect(names('Billing').flat()).toHaveLength(5);
  });
});

describe('the state of an agent', () => {
  const { cti } = desk();
  const at = (since: string) => ({ since });

  it('is that of CTI without a call', () => {
    expect(agentState(cti, [])).toEqual({ state: 'ready', since: cti.since });
  });

  it('is that of the foremost call, with its time', () => {
    const calls = [
      call('t', { state: 'talking', ...at('t') }),
      call('r', { state: 'ringing', ...at('r') }),
      call('w', { state: 'wrap_up', ...at('w') }),
    ];
    expect(agentState(cti, calls)).toEqual({ state: 'talking', since: 't' });
    expect(agentState(cti, calls.slice(1))).toEqual({ state: 'ringing', since: 'r' });
    expect(agentState(cti, calls.slice(2))).toEqual({ state: 'wrap_up', since: 'w' });
  });
});
