import { expect, it } from 'vitest';
import { saysSomething } from './says.ts';

it.each([
  ['Asked by phone', true],
  ['本人確認', true],
  ['7', true],
  ['  ', false],
  ['\u200b', false],
  ['…!', false],
])('%j says something: %s', (text, says) => {
  expect(saysSomething(text)).toBe(says);
});
