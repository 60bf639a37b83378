import { api } from '../api/client.ts';
import type { Json } from '../api/types.ts';
import { useDesk } from '../live/live.ts';
import { createStore, useStore } from '../store/store.ts';
import { NOT_YET_SAVED, reportProblem } from '../ui/notices.ts';
import { type Layout, layoutFrom } from './layout.ts';

// Dragging the edge of a column changes its width with every pixel; the server needs only where it stopped.
const SAVE_AFTER_MS = 600;

const changedStore = createStore<Readonly<Record<string, Layout | null>>>({});
const timers = new Map<string, ReturnType<typeof setTimeout>>();

/** How the signed-in person wants a list, and how to change it: it follows them to other machines. Null: as it comes. */
export function useLayout(list: string): [Layout | null, (layout: Layout | null) => void] {
  const key = `list.${list}`;
  const changed = useStore(changedStore, (all) => all[list]);
  const stored = useDesk((desk) => desk.user.preferences[key]);
  const change = (layout: Layout | null) => {
    changedStore.set((all) => ({ ...all, [list]: layout }));
    clearTimeout(timers.get(list));
    const save = () => api.put<void>(`/desk/preferences/${key}`, (layout ?? {}) as unknown as Json);
    timers.set(
      list,
      setTimeout(() => void save().catch(reportProblem(NOT_YET_SAVED)), SAVE_AFTER_MS),
    );
  };
  return [changed === undefined ? layoutFrom(stored) : changed, change];
}
