import { QueryClient } from '@tanstack/react-query';
import { ApiProblem } from './problem.ts';

/**
 * What was fetched is kept current by the event stream, never by fetching again on a timer or on
 * focus. Only a lost answer (no status, or 5xx) is worth a second try by itself.
 */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Number.POSITIVE_INFINITY,
        gcTime: 10 * 60_000,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        networkMode: 'always',
        retry: (failures, error) =>
          failures < 1 &&
          !(error instanceof ApiProblem && error.status >= 400 && error.status < 500),
        retryDelay: 400,
      },
      mutations: { networkMode: 'always', retry: false },
    },
  });
}

declare module '@tanstack/react-query' {
  interface Register {
    defaultError: ApiProblem;
  }
}
