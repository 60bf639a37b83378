import type { QueryClient } from '@tanstack/react-query';
import type { Customer } from '../../shared/api/types.ts';
import { onLiveEvent, onReload } from '../../shared/live/live.ts';
import { applyToCustomer } from '../../shared/live/resources.ts';
import { customerKey, customerQuery } from './api.ts';

/** States in which an import has just changed many customers. */
const LIST_IS_OLD: ReadonlySet<string> = new Set(['done', 'cancelled', 'failed', 'undone']);

/** Keeps the fetched customers current. Returns how to stop. */
export function startCustomersLive(client: QueryClient): () => void {
  const stopEvents = onLiveEvent((event, before) => {
    client.setQueriesData<Customer>({ queryKey: ['customer'] }, (known) =>
      known ? applyToCustomer(known, event) : known,
    );
    if (event.type === 'schema.customers_changed') {
      // Values that became addresses, or are none any more, come without an event for each card.
      void client.invalidateQueries({ queryKey: ['customer'] });
    }
    if (event.type === 'desk.customer_opened') {
      const { id } = event.payload.open.customer;
      if (before.desk.open.some((one) => one.customer.id === id)) return;
      // The stream tells of a customer only from here on: what was fetched before may lack the
      // last change, so it is fetched once more when a fetch under way has come back.
      void client
        .prefetchQuery(customerQuery(id))
        .then(() => client.invalidateQueries({ queryKey: customerKey(id) }));
    }
    if (event.type === 'desk.customer_closed') {
      client.removeQueries({ queryKey: customerKey(event.payload.customer.id), type: 'inactive' });
    }
    if (event.type === 'desk.customer_removed') {
      client.removeQueries({ queryKey: customerKey(event.payload.customer_id), type: 'inactive' });
    }
    if (event.type === 'import.changed' && LIST_IS_OLD.has(event.payload.import.state)) {
      // Of its customers those alone are told of one by one that are open on a desk.
      void client.invalidateQueries({ queryKey: ['customers', 'list'] });
    }
  });
  const stopReload = onReload(() => void client.invalidateQueries({ queryKey: ['customer'] }));
  return () => {
    stopEvents();
    stopReload();
  };
}
