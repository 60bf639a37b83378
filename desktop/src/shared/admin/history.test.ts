import { describe, expect, it } from 'vitest';
import { differences } from './history.ts';

describe('the differences of an entry', () => {
  it('are the members that changed, came or went', () => {
    const before = { name: 'North', seconds: 120, gone: 1, same: ['a'] };
    const after = { name: 'South', seconds: 120, same: ['a'], came: true };
    expect(differences(before, after)).toEqual([
      { field: 'name', before: 'North', after: 'South' },
      { field: 'came', before: undefined, after: true },
      { field: 'gone', before: 1, after: undefined },
    ]);
  });

  it('are the parts of a value that is told in parts', () => {
    const before = { labels: { en: 'Resolved', sv: 'Löst' } };
    const after = { labels: { en: 'Solved', sv: 'Löst' } };
    expect(differences(before, after, ['labels'])).toEqual([
      { field: 'en', before: 'Resolved', after: 'Solved' },
    ]);
  });

  it('are none of what was made or taken away', () => {
    expect(differences(null, { name: 'North' })).toEqual([]);
    expect(differences({ name: 'North' }, null)).toEqual([]);
  });
});
