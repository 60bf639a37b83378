import { describe, expect, it } from 'vitest';
import { dropPlace, moved } from './reorder.ts';

const IDS = ['a', 'b', 'c', 'd'];

describe('a row that is dragged', () => {
  it.each([
    ['a', 'c', 'upper', 'bacd'],
    ['a', 'c', 'lower', 'bcad'],
    ['d', 'a', 'upper', 'dabc'],
    ['d', 'a', 'lower', 'adbc'],
    ['b', 'b', 'lower', 'abcd'],
    ['b', 'a', 'lower', 'abcd'],
    ['c', 'd', 'upper', 'abcd'],
  ] as const)('%s dropped on %s (%s half) gives %s', (id, target, half, wanted) => {
    expect(moved(IDS, id, dropPlace(IDS, id, target, half)).join('')).toBe(wanted);
  });

  it('stays among the others at either end', () => {
    expect(moved(IDS, 'a', -1)).toBe(IDS);
    expect(moved(IDS, 'd', 9)).toBe(IDS);
    expect(moved(IDS, 'x', 1)).toBe(IDS);
  });
});
