import { useRef, useSyncExternalStore } from 'react';

export interface Store<State> {
  get(): State;
  set(next: State | ((state: State) => State)): void;
  subscribe(listener: () => void): () => void;
}

/** A value outside React that components can follow. Setting the same value tells nobody. */
export function createStore<State>(initial: State): Store<State> {
  let state = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => state,
    set(next) {
      const value = typeof next === 'function' ? (next as (state: State) => State)(state) : next;
      if (Object.is(value, state)) return;
      state = value;
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Follows one part of a store; renders again only when `select` gives another value. */
export function useStore<State, Part>(store: Store<State>, select: (state: State) => Part): Part {
  const last = useRef<{ state: State; part: Part; select: (state: State) => Part } | null>(null);
  const read = () => {
    const state = store.get();
    const known = last.current;
    if (known && known.state === state && known.select === select) return known.part;
    const part = select(state);
    last.current = { state, part, select };
    return part;
  };
  return useSyncExternalStore(store.subscribe, read);
}
