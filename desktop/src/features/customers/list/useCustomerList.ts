import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api } from '../../../shared/api/client.ts';
import type { CustomerRow, Page } from '../../../shared/api/types.ts';
import type { LiveEvent } from '../../../shared/live/events.ts';
import { listenTo, onLiveEvent, onReload, withEventsMeanwhile } from '../../../shared/live/live.ts';
import { type ListQuery, sortText, writeQuery } from './listQuery.ts';

const LIST = ['customers', 'list'] as const;

function applyToRows(known: Page<CustomerRow>, event: LiveEvent): Page<CustomerRow> {
  if (event.type !== 'customer.changed' && event.type !== 'customer.archived') return known;
  const told = event.payload.customer;
  const isOlder = (row: CustomerRow) => row.id === told.id && row.version < told.version;
  if (!known.items.some(isOlder)) return known;
  return { ...known, items: known.items.map((row) => (isOlder(row) ? told : row)) };
}

/** One page of the list; the rows before it stay until it has come. A newer question cancels the older one. */
export function useCustomerList(query: ListQuery) {
  const { q, sort, page, pageSize, filters } = query;
  return useQuery({
    queryKey: [...LIST, writeQuery(query)],
    queryFn: ({ signal }) => {
      const asked: Record<string, string | number> = {
        sort: sortText(sort),
        page,
        page_size: pageSize,
      };
      if (q.trim()) asked.q = q.trim();
      for (const { field, operator, value } of filters) asked[`${field}.${operator}`] = value;
      return withEventsMeanwhile(
        () => api.get<Page<CustomerRow>>('/customers', { query: asked, signal }),
        applyToRows,
      );
    },
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
