import type { QueryClient } from '@tanstack/react-query';
import type { Customer } from '../../shared/api/types.ts';
import { onLiveEvent, onReload } from '../../shared/live/live.ts';
import { applyToCustomer } from '../../shared/live/resources.ts';

/** Keeps the fetched customers current. Returns how to stop. */
export function startCustomersLive(client: QueryClient): () => void {
  const stopEvents = onLiveEvent((event) => {
    client.setQueriesData<Customer>({ queryKey: ['customer'] }, (known) =>
      known ? applyToCustomer(known, event) : known,
    );
  });
  const stopReload = onReload(() => void client.invalidateQueries({ queryKey: ['customer'] }));
  return () => {
    stopEvents();
    stopReload();
  };
}
