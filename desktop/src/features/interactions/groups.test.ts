import { expect, it } from 'vitest';
import type { CardChange } from '../../shared/api/types.ts';
import { interaction } from '../../shared/live/fixtures.ts';
import { withinReach } from './cardChanges.ts';
import { journeyLines } from './groups.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');

const change = (id: string, at: string): CardChange => ({
  id,
  at,
  kind: 'changed',
  by_name: 'Aiko',
  fields: ['email'],
  card_number: null,
  interaction_id: null,
  other_id: null,
  other_name: null,
});
const talk = (id: string, started_at: string) => interaction({ id, started_at });

it('puts what was done to the card among the conversations by time', () => {
  const talks = [talk('late', '2026-11-22T11:00:00Z'), talk('early', '2026-11-22T09:00:00Z')];
  const lines = journeyLines(talks, [change('edit', '2026-11-22T10:00:00Z')], [], NOW);
  expect(lines.slice(1).map((line) => line.key)).toEqual(['late', 'edit', 'early']);
});

it('keeps back what lies before the conversations fetched so far', () => {
  const edits = [change('new', '2026-11-22T11:30:00Z'), change('old', '2026-11-22T10:00:00Z')];
  expect(withinReach(edits, '2026-11-22T11:00:00Z', false).map((one) => one.id)).toEqual(['new']);
  expect(withinReach(edits, '2026-11-22T11:00:00Z', true).map((one) => one.id)).toEqual([
    'new',
    'old',
  ]);
  expect(withinReach(edits, undefined, false)).toHaveLength(2);
});

it('puts the opening and the closing of a request among them, too', () => {
  const request = { id: 'r', number: 1, title: 'Wrong invoice', status: 'closed' } as const;
  const told = [
    { kind: 'closed', at: '2026-11-22T11:30:00Z', by_name: '', request },
    { kind: 'opened', at: '2026-11-22T10:00:00Z', by_name: 'Aiko', request },
  ] as const;
  const talks = [talk('late', '2026-11-22T11:00:00Z'), talk('early', '2026-11-22T09:00:00Z')];
  const lines = journeyLines(talks, [], told, NOW);
  expect(lines.slice(1).map((line) => line.key)).toEqual(['r-closed', 'late', 'r-opened', 'early']);
});
