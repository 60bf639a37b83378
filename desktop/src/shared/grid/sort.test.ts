import { describe, expect, it } from 'vitest';
import { columnState, sortOf } from './sort.ts';

describe('the order of a grid', () => {
  it('takes the columns in the order in which they were asked for', () => {
    const state = [
      { colId: 'city', sort: null },
      { colId: 'created_at', sort: 'desc' as const, sortIndex: 1 },
      { colId: 'last_name', sort: 'asc' as const, sortIndex: 0 },
    ];
    expect(sortOf(state)).toEqual([
      { column: 'last_name', descending: false },
      { column: 'created_at', descending: true },
    ]);
  });

  it('comes back from the headings as it was shown on them', () => {
    const sort = [
      { column: 'city', descending: true },
      { column: 'number', descending: false },
    ];
    expect(sortOf(columnState(sort))).toEqual(sort);
  });
});
