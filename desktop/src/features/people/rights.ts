import { useSession } from './api.ts';

const LEADS = ['supervisor', 'administrator'];

/**
 * Whether the signed-in person may what supervisors and administrators may (product.md 0): bring in
 * files and take lists away as files, edit many cards at once, reopen requests and move interactions
 * into and out of closed ones.
 */
export function useLeads(): boolean {
  const session = useSession();
  return session.data?.roles.some((role) => LEADS.includes(role)) ?? false;
}

/** Whether the signed-in person is an administrator, who alone may erase customers. */
export function useAdministers(): boolean {
  return useSession().data?.roles.includes('administrator') ?? false;
}
