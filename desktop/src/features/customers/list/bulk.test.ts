import { describe, expect, it } from 'vitest';
import type { BulkEdit } from '../../../shared/api/types.ts';
import { shownBulkEdits } from './bulk.ts';

const NOW = Date.parse('2026-11-22T10:00:00Z');
const edit = (id: string, more: Partial<BulkEdit>): BulkEdit => ({
  id,
  state: 'done',
  query: null,
  change: {},
  total: 1,
  done: 1,
  changed: 1,
  unchanged: 0,
  gone: 0,
  refused: 0,
  undone: 0,
  kept: 0,
  detail: null,
  user_id: 'sven',
  user_name: 'Sven',
  created_at: '2026-11-22T08:00:00Z',
  started_at: '2026-11-22T08:00:00Z',
  finished_at: '2026-11-22T08:01:00Z',
  ...more,
});
const shown = (edits: BulkEdit[], dismissed: string | null = null) =>
  shownBulkEdits(edits, { me: 'sven', now: NOW, dismissed }).map((one) => one.id);

describe('the bulk edits that show', () => {
  it('are those that run and the last one of the reader, with its undo', () => {
    const edits = [
      edit('new', {}),
      edit('earlier', { created_at: '2026-11-22T07:00:00Z' }),
      edit('runs', { state: 'running', user_id: 'ada', finished_at: null }),
      edit('of-ada', { user_id: 'ada' }),
    ];
    expect(shown(edits)).toEqual(['new', 'runs']);
  });

  it('lack one that was put away, or ended more than a day ago', () => {
    expect(shown([edit('new', {})], 'new')).toEqual([]);
    expect(shown([edit('old', { finished_at: '2026-11-21T09:59:00Z' })])).toEqual([]);
    expect(shown([edit('day', { finished_at: '2026-11-21T10:01:00Z' })])).toEqual(['day']);
  });
});
