import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { putPreference } from '../people/api.ts';
import { changeLayout, layoutFrom, layoutStore, loadLayout, PANE } from './layout.ts';

vi.mock('../people/api.ts', () => ({ putPreference: vi.fn(() => Promise.resolve()) }));

beforeEach(() => {
  vi.useFakeTimers();
  vi.mocked(putPreference).mockClear();
});
afterEach(() => {
  vi.useRealTimers();
  loadLayout(undefined);
});

it('a section that was folded is remembered with the user, once it has come to rest', () => {
  changeLayout({ sections: { details: false } });
  changeLayout({ sections: { details: false, duplicates: false } });
  expect(layoutStore.get().sections).toEqual({ details: false, duplicates: false });
  expect(putPreference).not.toHaveBeenCalled();
  vi.runAllTimers();
  expect(putPreference).toHaveBeenCalledTimes(1);
  expect(putPreference).toHaveBeenCalledWith('layout', layoutStore.get());
});

it('a remembered section is folded at the next sign-in', () => {
  loadLayout({ sections: { details: false, odd: 'yes' }, left: 9000 });
  expect(layoutStore.get().sections).toEqual({ details: false });
  expect(layoutStore.get().left).toBe(PANE.left.max);
});

it('what was stored oddly is the layout as it comes', () => {
  for (const odd of [undefined, null, 3, []]) expect(layoutFrom(odd)).toEqual(layoutFrom({}));
});
