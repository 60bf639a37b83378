import { describe, expect, it } from 'vitest';
import { linkParts } from './linkParts.ts';

const links = (text: string) => linkParts(text).flatMap((part) => part.href ?? []);

describe('links in a text', () => {
  it.each([
    ['see https://a.example/x.', ['https://a.example/x']],
    ['(https://a.example/x)', ['https://a.example/x']],
    ['https://a.example/a_(b)', ['https://a.example/a_(b)']],
    ['www.a.example!', ['https://www.a.example']],
    ['https://a.example?q=1&r=2#top, then', ['https://a.example?q=1&r=2#top']],
    ['詳しくはhttps://a.example/日本。', ['https://a.example/日本']],
    ['http://a.example and http://b.example', ['http://a.example', 'http://b.example']],
    ['javascript:alert(1) data:text/html,x ftp://a.example', []],
    ['', []],
  ])('of %j are %j', (text, found) => {
    expect(links(text)).toEqual(found);
  });

  it('lose nothing of the text', () => {
    const text = 'A (https://a.example/x). B <www.b.example> C';
    expect(
      linkParts(text)
        .map((part) => part.text)
        .join(''),
    ).toBe(text);
  });
});
