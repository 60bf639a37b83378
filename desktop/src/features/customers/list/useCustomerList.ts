import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api } from '../../../shared/api/client.ts';
import type { CustomerRow, Page } from '../../../shared/api/types.ts';
import { type ListQuery, parametersOf, writeQuery } from '../../../shared/list/listQuery.ts';
import { withNewer } from '../../../shared/list/rows.ts';
import type { LiveEvent } from '../../../shared/live/events.ts';
import { listenTo, onLiveEvent, onReload, withEventsMeanwhile } from '../../../shared/live/live.ts';

const LIST = ['customers', 'list'] as const;

function applyToRows(known: Page<CustomerRow>, event: LiveEvent): Page<CustomerRow> {
  if (event.type !== 'customer.changed' && event.type !== 'customer.archived') return known;
  return withNewer(known, event.payload.customer);
}

/** One page of the list; the rows before it stay until it has come. A newer question cancels the older one. */
export function useCustomerList(query: ListQuery) {
  return useQuery({
    queryKey: [...LIST, writeQuery(query)],
    queryFn: ({ signal }) =>
      withEventsMeanwhile(
        () => api.get<Page<CustomerRow>>(`/customers?${parametersOf(query)}`, { signal }),
        applyToRows,
      ),
    placeholderData: keepPreviousData,
  });
}

/** Shows changes by others in the rows on the screen; what is new there is fetched with the next page or search. */
export function useLiveRows(): void {
  const client = useQueryClient();
  useEffect(() => {
    const stops = [
      listenTo('customers'),
      onLiveEvent((event) => {
        if (event.type === 'bulk_edit.changed') {
          // Its cards come without their values: there may be hundreds of thousands.
          const ids = new Set(event.payload.customer_ids);
          const shows = (known: Page<CustomerRow> | undefined) =>
            known?.items.some((row) => ids.has(row.id)) === true;
          const ended = ['done', 'undone', 'cancelled'].includes(event.payload.bulk_edit.state);
          void client.invalidateQueries({
            queryKey: LIST,
            predicate: (one) => ended || shows(one.state.data as Page<CustomerRow> | undefined),
          });
          return;
        }
        client.setQueriesData<Page<CustomerRow>>({ queryKey: LIST }, (known) =>
          known ? applyToRows(known, event) : known,
        );
      }),
      onReload(() => void client.invalidateQueries({ queryKey: LIST })),
    ];
    return () => {
      for (const stop of stops) stop();
      // What changes while nobody listens must not be shown as current later.
      client.removeQueries({ queryKey: LIST });
    };
  }, [client]);
}
