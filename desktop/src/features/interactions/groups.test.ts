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
  const lines = journeyLines(talks, [change('edit', '2026-11-22T10:00:00Z')], NOW);
  expect(lines.slice(1).map((line) => line.key)).toEqual(['late', 'edit', 'early']);
});

it('keeps back what lies before the conversations fetched so far', () => {
  const talks = [talk('late', '2026-11-22T11:00:00Z')];
  const edits = [change('new', '2026-11-22T11:30:00Z'), change('old', '2026-11-22T10:00:00Z')];
  expect(withinReach(edits, talks, false).map((one) => one.id)).toEqual(['new']);
  expect(withinReach(edits, talks, true).map((one) => one.id)).toEqual(['new', 'old']);
  expect(withinReach(edits, [], false)).toHaveLength(2);
});
