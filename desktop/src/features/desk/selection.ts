import { useDeferredValue, useMemo } from 'react';
import { useLocation, useRoute } from 'wouter';
import type { CallView, Uuid } from '../../shared/api/types.ts';

/** What the desk shows; it lives in the address, so that a refresh shows the same. */
export type Selection =
  | { kind: 'none' }
  | { kind: 'customer'; id: Uuid }
  /** A call whose customer is not known yet. */
  | { kind: 'call'; id: Uuid }
  /** A customer being written who does not exist yet. */
  | { kind: 'draft'; id: string };

export const DESK_PATH = '/desk';
export const customerPath = (id: Uuid) => `${DESK_PATH}/customers/${id}`;
export const draftPath = (id: string) => `${DESK_PATH}/new/${id}`;

/** Where a call is looked at: at its customer when that is known, else at the call itself. */
export function callPath(call: CallView): string {
  return call.customer ? customerPath(call.customer.id) : `${DESK_PATH}/calls/${call.activity_id}`;
}

/** The selection that an address of the desk stands for. */
export function selectionOf(path: string): Selection {
  const [, kind, id] = /^\/desk\/(customers|calls|new)\/([^/]+)$/.exec(path) ?? [];
  if (!kind || !id) return { kind: 'none' };
  if (kind === 'customers') return { kind: 'customer', id };
  return kind === 'calls' ? { kind: 'call', id } : { kind: 'draft', id };
}

const NONE: Selection = { kind: 'none' };

/**
 * Whether what belongs to a selection may be drawn yet. The name is painted first, by itself: card
 * and journey follow in a rendering of their own, and those of the one before go at once.
 */
export function useSettled(selection: Selection): boolean {
  return useDeferredValue(selection, NONE) === selection;
}

export function useSelection(): Selection {
  const [location] = useLocation();
  return useMemo(() => selectionOf(location), [location]);
}

/** Whether the page shown is the desk at all. */
export function useOnDesk(): boolean {
  const [matches] = useRoute('/desk/*?');
  return matches;
}
