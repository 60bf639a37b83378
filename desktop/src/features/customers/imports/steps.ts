import type { Import } from '../../../shared/api/types.ts';

export const STEPS = ['file', 'columns', 'check', 'run', 'result'] as const;
export type Step = (typeof STEPS)[number];

/** The step at which an import is. `again`: somebody went back from the check to the columns. */
export function stepOf(one: Import, again: boolean): Step {
  switch (one.state) {
    case 'uploaded':
      return 'columns';
    case 'checking':
      return 'check';
    case 'checked':
      return again ? 'columns' : 'check';
    case 'running':
      return 'run';
    case 'cancelled':
    case 'failed':
      // Nothing was read of it yet: other columns may be chosen.
      return one.read === 0 ? 'columns' : 'result';
    default:
      return 'result';
  }
}

/** Whether an import has brought or changed anything that can be taken back. */
export function canUndo(one: Import): boolean {
  const ended = one.state === 'done' || one.state === 'cancelled' || one.state === 'failed';
  return ended && one.created + one.updated > 0;
}

/** The key that a mapping suggests: what tells customers apart most surely, null where nothing does. */
export function suggestedKey(mapping: Readonly<Record<string, string>>): string | null {
  const fields = new Set(Object.values(mapping));
  if (fields.has('external_id')) return 'external_id';
  return fields.has('email') ? 'email' : null;
}

/** Whether a column fills the key. */
export function fillsKey(mapping: Readonly<Record<string, string>>, key: string): boolean {
  return Object.values(mapping).some(
    (field) => field === key || (key === 'phone' && field.startsWith('phone_')),
  );
}
