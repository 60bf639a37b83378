import { expect, it } from 'vitest';
import { NO_FILTER } from '../../shared/live/resources.ts';
import { filterOfSearch, searchOfFilter } from './filter.ts';

const ALL = {
  channel: 'voice',
  request: '01a2040b-edff-77bf-936f-057c268ef0a0',
  interaction: '01a2040b-edff-77bf-936f-057c268ef0a2',
  agent: '01a2040b-edff-77bf-936f-057c268ef0a1',
  tag: 'Återköp & mer',
  from: '2026-11-01T00:00:00.000Z',
  to: '2026-11-22T23:59:59.999Z',
};

it('a filter survives the way through the address', () => {
  expect(filterOfSearch(searchOfFilter(ALL))).toEqual(ALL);
  expect(searchOfFilter(NO_FILTER)).toBe('');
  expect(filterOfSearch('')).toEqual(NO_FILTER);
});

it('what can be no filter narrows nothing', () => {
  const odd = 'channel=pigeon&agent=me&request=REQ-1&from=soon&to=&tag=%20';
  expect(filterOfSearch(odd)).toEqual(NO_FILTER);
});
