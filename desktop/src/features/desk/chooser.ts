import type { Candidate } from '../../shared/api/types.ts';

/** Candidates in the order of product.md 4.5: most recently in touch first, never in touch last. */
export function recentFirst(candidates: readonly Candidate[]): Candidate[] {
  return [...candidates].sort((a, b) =>
    (b.last_contact_at ?? '').localeCompare(a.last_contact_at ?? ''),
  );
}
