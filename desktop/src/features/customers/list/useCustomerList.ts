import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api } from '../../../shared/api/client.ts';
import type { CustomerRow, Page } from '../../../shared/api/types.ts';
import { listenTo, onLiveEvent, onReload } from '../../../shared/live/live.ts';
import { type ListQuery, sortText, writeQuery } from './listQuery.ts';

const LIST = ['customers', 'list'] as const;

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
      return api.get<Page<CustomerRow>>('/customers', { query: asked, signal });
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
        if (event.type !== 'customer.changed' && event.type !== 'customer.archived') return;
        const told = event.payload.customer;
        client.setQueriesData<Page<CustomerRow>>({ queryKey: LIST }, (known) =>
          known?.items.some((row) => row.id === told.id)
            ? { ...known, items: known.items.map((row) => (row.id === told.id ? told : row)) }
            : known,
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
