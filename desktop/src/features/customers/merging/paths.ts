import type { Uuid } from '../../../shared/api/types.ts';

export const QUEUE_PATH = '/customers/duplicates';
export const IMPORT_PATH = '/customers/import';

/** The page that merges `other` into `card`; `back` is where one goes on when it is done (the card unless said otherwise). */
export function mergePath(card: Uuid, other: Uuid, back?: 'queue'): string {
  return `/customers/merge/${card}/${other}${back ? `?back=${back}` : ''}`;
}
