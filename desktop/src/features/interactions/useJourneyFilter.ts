import { useEffect } from 'react';
import { useLocation, useSearch } from 'wouter';
import type { Uuid } from '../../shared/api/types.ts';
import { type JourneyFilter, NO_FILTER } from '../../shared/live/resources.ts';
import { createStore, useStore } from '../../shared/store/store.ts';
import { filterOfSearch, isNarrowed, searchOfFilter } from './filter.ts';

/** How each customer's journey was narrowed last, for as long as the page lives. */
const filters = createStore<Readonly<Record<Uuid, JourneyFilter>>>({});

/**
 * What a journey is narrowed to. It stands in the address, so that back, refresh and a sent link show
 * the same, and comes back with the customer when one has looked at another meanwhile.
 */
export function useJourneyFilter(customerId: Uuid) {
  const search = useSearch();
  const [path, navigate] = useLocation();
  const known = useStore(filters, (all) => all[customerId]);
  const told = filterOfSearch(search);
  const filter = isNarrowed(told) ? told : (known ?? NO_FILTER);
  const wanted = searchOfFilter(filter);
  const missing = !isNarrowed(told) && wanted !== '' && path.includes(customerId);
  useEffect(() => {
    if (missing) navigate(`${path}?${wanted}`, { replace: true });
  }, [missing, navigate, path, wanted]);
  const shown = isNarrowed(told) ? wanted : null;
  useEffect(() => {
    // What an address brought, too, comes back with the customer.
    if (shown === null) return;
    // One interaction that somebody came for is no way to look at the customer the next time.
    const kept = { ...filterOfSearch(shown), interaction: null };
    filters.set((all) => ({ ...all, [customerId]: kept }));
  }, [customerId, shown]);
  const set = (next: JourneyFilter) => {
    filters.set((all) => ({ ...all, [customerId]: next }));
    const query = searchOfFilter(next);
    navigate(query === '' ? path : `${path}?${query}`, { replace: true });
  };
  return [filter, set] as const;
}
