import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { api } from '../../shared/api/client.ts';
import { changeLayout, layoutFrom, layoutStore, loadLayout, PANE } from './layout.ts';

const put = vi.spyOn(api, 'put').mockResolvedValue(undefined);

beforeEach(() => {
  vi.useFakeTimers();
  put.mockClear();
});
afterEach(() => {
  vi.useRealTimers();
  loadLayout(undefined);
});

it('a section that was folded is remembered with the user, once it has come to rest', () => {
  changeLayout({ sections: { details: false } });
  changeLayout({ sections: { details: false, duplicates: false } });
  expect(layoutStore.get().sections).toEqual({ details: false, duplicates: false });
  expect(put).not.toHaveBeenCalled();
  vi.runAllTimers();
  expect(put).toHaveBeenCalledTimes(1);
  expect(put.mock.lastCall?.slice(0, 2)).toEqual(['/desk/preferences/layout', layoutStore.get()]);
});

it('a remembered section is folded at the next sign-in', () => {
  loadLayout({ sections: { details: false, odd: 'yes' }, left: 9000 });
  expect(layoutStore.get().sections).toEqual({ details: false });
  expect(layoutStore.get().left).toBe(PANE.left.max);
});

it('what was stored oddly is the layout as it comes', () => {
  for (const odd of [undefined, null, 3, []]) expect(layoutFrom(odd)).toEqual(layoutFrom({}));
});
