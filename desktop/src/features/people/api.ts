import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api } from '../../shared/api/client.ts';
import type { Account, Json, Me, Team, User, Uuid } from '../../shared/api/types.ts';
import { listenTo } from '../../shared/live/live.ts';
import { useLiveList } from '../../shared/live/useLiveList.ts';

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

const TEAMS = ['teams'] as const;

/** Every team, by name; changes by administrators show at once. */
export function useTeams() {
  return useLiveList(TEAMS, '/teams', (known: Team[], event) =>
    event.type === 'teams.changed' ? event.payload.teams : known,
  );
}

export function addTeam(team: Omit<Team, 'id' | 'people'>): Promise<Team> {
  return api.post<Team>('/teams', team);
}

export function changeTeam(id: Uuid, change: Partial<Team>): Promise<Team> {
  return api.patch<Team>(`/teams/${id}`, change);
}

export function removeTeam(id: Uuid): Promise<void> {
  return api.delete<void>(`/teams/${id}`);
}

const ACCOUNTS = ['accounts'] as const;

/** Every account, by name; for administrators. Changes by others show at once. */
export function useAccounts() {
  useEffect(() => listenTo('accounts'), []);
  return useLiveList(ACCOUNTS, '/accounts', (known: Account[], event) => {
    if (event.type !== 'account.changed') return known;
    const told = event.payload.account;
    return [...known.filter((one) => one.id !== told.id), told].sort(
      (a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id),
    );
  });
}

/** What an administrator writes of an account; the password only when it is set anew. */
export interface AccountFields {
  email: string;
  name: string;
  roles: string[];
  team: string | null;
  extension: string | null;
  cti_enabled: boolean;
  language: string;
  password: string;
}

export function addAccount(fields: AccountFields): Promise<Account> {
  return api.post<Account>('/accounts', fields);
}

export function changeAccount(
  id: Uuid,
  change: Partial<Omit<AccountFields, 'email'>> & { active?: boolean },
): Promise<Account> {
  return api.patch<Account>(`/accounts/${id}`, change);
}

/** Stores one preference of the signed-in user. */
export function putPreference(key: string, value: Json): Promise<void> {
  return api.put<void>(`/desk/preferences/${encodeURIComponent(key)}`, value);
}
