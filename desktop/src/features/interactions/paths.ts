import type { Uuid } from '../../shared/api/types.ts';
import type { Sort } from '../../shared/grid/sort.ts';
import { customerPath } from '../desk/selection.ts';

export const LIST_PATH = '/interactions';
/** The order in which the list comes. */
export const NEWEST: Sort[] = [{ column: 'started_at', descending: true }];

/** Where an interaction is looked at: in its customer's journey, or by itself while nobody knows whose it is. */
export function interactionPath({ id, customer_id }: { id: Uuid; customer_id: Uuid | null }) {
  return customer_id ? `${customerPath(customer_id)}?interaction=${id}` : `${LIST_PATH}/${id}`;
}
