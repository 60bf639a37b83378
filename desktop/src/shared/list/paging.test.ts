import { describe, expect, it } from 'vitest';
import { hasNext, pageCount, pageFrom } from './paging.ts';

describe('the pages of a list', () => {
  it('are as many as the rows need, and one when there is none', () => {
    expect(pageCount(0, 50)).toBe(1);
    expect(pageCount(50, 50)).toBe(1);
    expect(pageCount(51, 50)).toBe(2);
  });

  it('end with the last row of a counted total', () => {
    const page = { page: 2, pageSize: 50, shown: 50, total: 100, estimated: false };
    expect(hasNext(page)).toBe(false);
    expect(hasNext({ ...page, total: 101 })).toBe(true);
  });

  it('go on after a full page when the total is a guess', () => {
    const page = { page: 3, pageSize: 50, shown: 50, total: 100, estimated: true };
    expect(hasNext(page)).toBe(true);
    expect(hasNext({ ...page, shown: 49 })).toBe(false);
  });
});

describe('a page that was typed', () => {
  it('is that page, or the last one', () => {
    expect(pageFrom(' 7 ', 40)).toBe(7);
    expect(pageFrom('９', 40)).toBe(9);
    expect(pageFrom('99', 40)).toBe(40);
  });

  it('is none when it is no number of a page', () => {
    for (const typed of ['', '0', '-1', '1.5', 'x']) expect(pageFrom(typed, 40)).toBeNull();
  });
});
