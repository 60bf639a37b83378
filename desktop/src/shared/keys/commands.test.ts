import { describe, expect, it } from 'vitest';
import { COMMANDS, isSingleKey, keyCaps, matches } from './commands.ts';

const press = (key: string, code: string, modifiers: Partial<KeyboardEventInit> = {}) => ({
  key,
  code,
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  ...modifiers,
});

describe('a shortcut', () => {
  it('takes its modifiers, no fewer and no more', () => {
    const k = press('k', 'KeyK', { ctrlKey: true });
    expect(matches('Mod+K', k)).toBe(true);
    expect(matches('Mod+K', { ...k, ctrlKey: false })).toBe(false);
    expect(matches('Mod+K', { ...k, altKey: true })).toBe(false);
    expect(matches('K', k)).toBe(false);
  });

  it('finds a letter by its place, since Alt changes what it types', () => {
    expect(matches('Alt+N', press('ñ', 'KeyN', { altKey: true }))).toBe(true);
  });

  it('finds a sign by what it is, wherever it lies', () => {
    expect(matches('?', press('?', 'Minus', { shiftKey: true }))).toBe(true);
    expect(matches('/', press('/', 'Digit7', { shiftKey: true }))).toBe(true);
  });

  it('belongs to one command only', () => {
    const keys = Object.values(COMMANDS).flatMap((command) => command.keys ?? []);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('is shown as the caps of the keyboard', () => {
    expect(keyCaps('Alt+ArrowUp')).toEqual(['Alt', '↑']);
    expect(isSingleKey('F')).toBe(true);
    expect(isSingleKey('F2')).toBe(false);
  });
});
