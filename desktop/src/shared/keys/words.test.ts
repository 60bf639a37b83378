import { describe, expect, it } from 'vitest';
import { hasWords } from './words.ts';

describe('a command', () => {
  it.each([
    ['Theme: dark', 'theme dark'],
    ['Theme: dark', 'DARK the'],
    ['Theme: dark', ''],
    ['Gå till kunderna', 'kund ga'],
    ['言語: 英語 (English)', 'english'],
    ['言語: 日本語', '日本語'],
  ])('%j is found by %j', (label, query) => {
    expect(hasWords(label, query)).toBe(true);
  });

  it('is not found when one of the words is missing', () => {
    expect(hasWords('Theme: dark', 'theme light')).toBe(false);
  });
});
