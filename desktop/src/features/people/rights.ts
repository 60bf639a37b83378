import { useSession } from './api.ts';

const LEADS = ['supervisor', 'administrator'];

function useHasRole(roles: readonly string[]): boolean {
  const session = useSession();
  return session.data?.roles.some((role) => roles.includes(role)) ?? false;
}

/** Whether the signed-in person may reopen requests, and move interactions into and out of closed ones (product.md 0). */
export function useMayRepair(): boolean {
  return useHasRole(LEADS);
}

/** Whether the signed-in person may bring in files (product.md 0). */
export function useMayImport(): boolean {
  return useHasRole(LEADS);
}

/** Whether the signed-in person may edit many cards at once and take lists away as files (product.md 0). */
export const useLeads = useMayImport;
