import { useEffect } from 'react';
import type { Json } from '../api/types.ts';
import { onLiveEvent, useDesk } from '../live/live.ts';
import { isWaiting, rememberLater } from '../preferences.ts';
import { createStore, useStore } from '../store/store.ts';
import { type Layout, layoutFrom } from './layout.ts';

const changedStore = createStore<Readonly<Record<string, Layout | null>>>({});

/** How the signed-in person wants a list, and how to change it: it follows them to other tabs and machines. Null: as it comes. */
export function useLayout(list: string): [Layout | null, (layout: Layout | null) => void] {
  const key = `list.${list}`;
  const changed = useStore(changedStore, (all) => all[list]);
  const stored = useDesk((desk) => desk.user.preferences[key]);
  useEffect(
    () =>
      onLiveEvent((event) => {
        if (event.type !== 'desk.preference_changed' || event.payload.key !== key) return;
        // What is told is what another tab did, or an echo of what this one did.
        if (!isWaiting(key)) changedStore.set(({ [list]: _told, ...others }) => others);
      }),
    [key, list],
  );
  const change = (layout: Layout | null) => {
    changedStore.set((all) => ({ ...all, [list]: layout }));
    rememberLater(key, (layout ?? {}) as unknown as Json);
  };
  return [changed === undefined ? layoutFrom(stored) : changed, change];
}
