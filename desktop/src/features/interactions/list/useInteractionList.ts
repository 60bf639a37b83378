import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api } from '../../../shared/api/client.ts';
import type { InteractionRow, Page } from '../../../shared/api/types.ts';
import { type ListQuery, parametersOf } from '../../../shared/list/listQuery.ts';
import { listenTo, onLiveEvent, onReload, withEventsMeanwhile } from '../../../shared/live/live.ts';
import { applyToRows, needsAsking } from './rows.ts';

// A busy centre tells of fifty facts a second: what they change in a list is asked for once for all of them.
const ASK_AGAIN_AFTER_MS = 1_000;

/** One page of the list; the rows before it stay until it has come. It follows what happens: new ones come in by themselves. */
export function useInteractionList(query: ListQuery) {
  const client = useQueryClient();
  const parameters = parametersOf(query).toString();
  useEffect(() => {
    const queryKey = ['interactions', 'list', parameters];
    const ask = () => void client.invalidateQueries({ queryKey });
    let waiting: ReturnType<typeof setTimeout> | undefined;
    const askSoon = () => {
      waiting ??= setTimeout(() => {
        waiting = undefined;
        ask();
      }, ASK_AGAIN_AFTER_MS);
    };
    const stops = [
      listenTo('interactions'),
      listenTo('requests'),
      listenTo('customers'),
      onLiveEvent((event) => {
        const known = client.getQueryData<Page<InteractionRow>>(queryKey);
        if (needsAsking(known, event)) askSoon();
        const next = known && applyToRows(known, event);
        if (next !== known) client.setQueryData(queryKey, next);
      }),
      onReload(ask),
      () => clearTimeout(waiting),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [client, parameters]);
  return useQuery({
    queryKey: ['interactions', 'list', parameters],
    queryFn: ({ signal }) =>
      withEventsMeanwhile(
        () => api.get<Page<InteractionRow>>(`/interactions?${parameters}`, { signal }),
        applyToRows,
      ),
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
}
