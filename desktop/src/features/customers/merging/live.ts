import type { QueryClient } from '@tanstack/react-query';
import type { Uuid } from '../../../shared/api/types.ts';
import { onLiveEvent } from '../../../shared/live/live.ts';
import { createStore, useStore } from '../../../shared/store/store.ts';
import { moveEdits } from '../drafts.ts';
import { duplicatesKey, renewAfter } from './api.ts';

/** Into which card another one went, while somebody may still be looking at that. */
export interface WentInto {
  id: Uuid;
  name: string;
  byName: string;
}

export const mergedStore = createStore<Readonly<Record<Uuid, WentInto>>>({});

export function useWentInto(id: Uuid): WentInto | undefined {
  return useStore(mergedStore, (merged) => merged[id]);
}

/** Where one goes on who was at a card that went into another: what was typed comes along. */
export function followMerge(id: Uuid): WentInto | undefined {
  const into = mergedStore.get()[id];
  if (into) moveEdits(id, into.id);
  return into;
}

/** Keeps in mind which cards became one, and what hangs on it current. Returns how to stop. */
export function startMergesLive(client: QueryClient): () => void {
  return onLiveEvent((event) => {
    if (event.type === 'customer.merged') {
      const { customer, merged, by_name } = event.payload;
      const into = { id: customer.id, name: customer.display_name, byName: by_name };
      mergedStore.set((known) => ({ ...known, [merged.id]: into }));
      renewAfter(client, [customer.id]);
    }
    if (event.type === 'customer.unmerged') {
      const { customer, restored } = event.payload;
      mergedStore.set(({ [restored.id]: _parted, ...others }) => others);
      renewAfter(client, [customer.id, restored.id]);
      void client.invalidateQueries({ queryKey: ['customer', restored.id] });
    }
    if (event.type === 'duplicates.changed') {
      for (const id of event.payload.customer_ids) {
        void client.invalidateQueries({ queryKey: duplicatesKey(id) });
      }
    }
    if (event.type === 'customer.changed') {
      // Another name or number: others may look alike now. The server compares anew when it is asked.
      void client.invalidateQueries({ queryKey: duplicatesKey(event.payload.customer.id) });
    }
  });
}
