import { useSession } from './api.ts';

const MAY_IMPORT = ['supervisor', 'administrator'];

/** Whether the signed-in person may bring in files (product.md 0). */
export function useMayImport(): boolean {
  const session = useSession();
  return session.data?.roles.some((role) => MAY_IMPORT.includes(role)) ?? false;
}
