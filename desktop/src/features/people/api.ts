import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../../shared/api/client.ts';
import type { Json, Me, User } from '../../shared/api/types.ts';

const SESSION = ['session'] as const;

/** Who is signed in; a problem with status 401 when nobody is. */
export function useSession() {
  return useQuery({
    queryKey: SESSION,
    queryFn: ({ signal }) => api.get<{ user: Me }>('/auth/session', { signal }),
    select: (answer) => answer.user,
  });
}

export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (credentials: { email: string; password: string }) =>
      api.post<{ user: Me }>('/auth/login', credentials),
    onSuccess: (answer) => client.setQueryData(SESSION, answer),
  });
}

export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api.post<void>('/auth/logout'),
    // The next person at this browser must find nothing of what the last one had fetched.
    onSuccess: () => {
      client.clear();
      window.location.assign('/');
    },
  });
}

/** Colleagues by name, for filters. */
export function useUsers(enabled: boolean) {
  return useQuery({
    queryKey: ['users'],
    queryFn: ({ signal }) => api.get<{ items: User[] }>('/users', { signal }),
    select: (answer) => answer.items,
    enabled,
  });
}

/** Stores one preference of the signed-in user. */
export function putPreference(key: string, value: Json): Promise<void> {
  return api.put<void>(`/desk/preferences/${encodeURIComponent(key)}`, value);
}
