import { describe, expect, it } from 'vitest';
import { type ListQuery, NEWEST_FIRST, readQuery, writeQuery } from './listQuery.ts';

const PLAIN: ListQuery = { q: '', sort: NEWEST_FIRST, page: 1, pageSize: 50, filters: [] };

describe('the address of the list', () => {
  it('is empty for the list as it opens', () => {
    expect(writeQuery(PLAIN)).toBe('');
    expect(readQuery('')).toEqual(PLAIN);
  });

  it('comes back as it was written', () => {
    const query: ListQuery = {
      q: 'anna 0701',
      sort: [
        { column: 'last_name', descending: false },
        { column: 'created_at', descending: true },
      ],
      page: 7,
      pageSize: 100,
      filters: [
        { field: 'last_name', operator: 'starts', value: 'Öb' },
        { field: 'email', operator: 'empty', value: 'true' },
        { field: 'attributes.tier_2', operator: 'eq', value: 'Gold' },
        { field: 'created_at', operator: 'gte', value: '2026-01-01' },
        { field: 'created_at', operator: 'lte', value: '2026-01-31' },
      ],
    };
    expect(readQuery(writeQuery(query))).toEqual(query);
  });

  it('ignores what it cannot understand', () => {
    expect(readQuery('page=-3&page_size=7&x.y.z.a=1&.eq=2&city.=3')).toEqual(PLAIN);
  });
});
