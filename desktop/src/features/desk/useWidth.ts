import { useSyncExternalStore } from 'react';

/** How much room there is: all three panes; the left one as icons; the card as a drawer; one pane with tabs. */
export type Room = 'wide' | 'folded' | 'drawer' | 'tabs';

const QUERIES: [Room, string][] = [
  ['tabs', '(max-width: 640px)'],
  ['drawer', '(max-width: 768px)'],
  ['folded', '(max-width: 1024px)'],
];

function read(): Room {
  return QUERIES.find(([, query]) => window.matchMedia(query).matches)?.[0] ?? 'wide';
}

function subscribe(listener: () => void) {
  const lists = QUERIES.map(([, query]) => window.matchMedia(query));
  for (const list of lists) list.addEventListener('change', listener);
  return () => {
    for (const list of lists) list.removeEventListener('change', listener);
  };
}

export function useRoom(): Room {
  return useSyncExternalStore(subscribe, read);
}
