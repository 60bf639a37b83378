import { describe, expect, it } from 'vitest';
import { NOTHING, pageToggled, toggled } from './selection.ts';

const PAGE = ['a', 'b', 'c'];

describe('the selection of a list', () => {
  it('keeps rows of other pages when rows of this one come and go', () => {
    const two = toggled(toggled(NOTHING, 'x', []), 'a', PAGE);
    expect([...two.ids]).toEqual(['x', 'a']);
    expect([...toggled(two, 'a', PAGE).ids]).toEqual(['x']);
  });

  it('takes a page at once, and gives it back', () => {
    const page = pageToggled(toggled(NOTHING, 'x', []), PAGE);
    expect([...page.ids]).toEqual(['x', 'a', 'b', 'c']);
    expect([...pageToggled(page, PAGE).ids]).toEqual(['x']);
  });

  it('becomes the rest of the page when one is taken out of everything', () => {
    expect([...toggled({ ids: new Set(), all: true }, 'b', PAGE).ids]).toEqual(['a', 'c']);
    expect(pageToggled({ ids: new Set(), all: true }, PAGE)).toEqual(NOTHING);
  });
});
