import { expect, test } from 'vitest';
import type { Import } from '../../../shared/api/types.ts';
import { canUndo, fillsKey, stepOf, suggestedKey } from './steps.ts';

const one = (state: Import['state'], read = 0, created = 0) =>
  ({ state, read, created, updated: 0 }) as Import;

test('an import is at the step that its state says', () => {
  const steps = (['uploaded', 'checking', 'checked', 'running', 'done', 'undone'] as const).map(
    (state) => stepOf(one(state), false),
  );
  expect(steps).toEqual(['columns', 'check', 'check', 'run', 'result', 'result']);
});

test('one can go back from the check to the columns', () => {
  expect(stepOf(one('checked'), true)).toBe('columns');
});

test('an import that was stopped before its first row can be given other columns', () => {
  expect(stepOf(one('cancelled'), false)).toBe('columns');
  expect(stepOf(one('cancelled', 500), false)).toBe('result');
});

test('only what has ended and changed something can be undone', () => {
  expect(canUndo(one('done', 5, 5))).toBe(true);
  expect(canUndo(one('done', 5, 0))).toBe(false);
  expect(canUndo(one('running', 5, 5))).toBe(false);
  expect(canUndo(one('undone', 5, 5))).toBe(false);
});

test('the surest key of the chosen columns is suggested', () => {
  expect(suggestedKey({ Id: 'external_id', Mail: 'email' })).toBe('external_id');
  expect(suggestedKey({ Mail: 'email', Phone: 'phone_1' })).toBe('email');
  expect(suggestedKey({ Phone: 'phone_1' })).toBeNull();
});

test('any number of the row fills the key phone', () => {
  expect(fillsKey({ Mobile: 'phone_3' }, 'phone')).toBe(true);
  expect(fillsKey({ Mobile: 'phone_3' }, 'email')).toBe(false);
});
