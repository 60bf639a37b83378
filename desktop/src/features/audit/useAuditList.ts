import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api } from '../../shared/api/client.ts';
import type { AuditEntry, Page } from '../../shared/api/types.ts';
import { type ListQuery, parametersOf } from '../../shared/list/listQuery.ts';

// The trail grows with everything that anybody does; there is no event for each of its entries.
const FRESH_FOR_MS = 10_000;

/** One page of the audit trail; the rows before it stay until it has come. */
export function useAuditList(query: ListQuery) {
  const parameters = parametersOf(query).toString();
  return useQuery({
    queryKey: ['audit', 'list', parameters],
    queryFn: ({ signal }) => api.get<Page<AuditEntry>>(`/audit?${parameters}`, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: FRESH_FOR_MS,
    gcTime: 0,
  });
}
