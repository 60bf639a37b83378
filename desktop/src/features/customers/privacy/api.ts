import type { QueryClient } from '@tanstack/react-query';
import { api, download } from '../../../shared/api/client.ts';
import type { Json, Tombstone, Uuid } from '../../../shared/api/types.ts';
import { onLiveEvent } from '../../../shared/live/live.ts';
import { createStore } from '../../../shared/store/store.ts';
import { customerKey } from '../api.ts';
import { dropEdits } from '../drafts.ts';

/** A reason is noted in the trail: at most this many characters. */
export const REASON_LIMIT = 200;

export interface Revealed {
  field: string;
  value: Json;
  hide_after_s: number;
}

/** A sensitive value in clear; the server notes who saw it and why. */
export function reveal(customerId: Uuid, field: string, reason: string): Promise<Revealed> {
  return api.post<Revealed>(`/customers/${customerId}/reveal`, { field, reason });
}

/** How everything about a customer can be taken: all of it, the page alone, or for programs. */
export type HandedForm = 'zip' | 'html' | 'json';

/** Everything kept about a customer, saved as a file; the page in it in this language. */
export function handOver(
  customer: { id: Uuid; number: number },
  format: HandedForm,
  reason: string,
  language: string,
): Promise<void> {
  return download(
    `/customers/${customer.id}/hand-over`,
    { reason },
    { format, language },
    `customer-${customer.number}.${format}`,
  );
}

/** Erases a customer for good. */
export function eraseCustomer(id: Uuid, confirm: number, reason: string): Promise<Tombstone> {
  return api.post<Tombstone>(`/customers/${id}/erase`, { confirm, reason });
}

const erasedStore = createStore<ReadonlySet<Uuid>>(new Set());

/** Whether this customer was erased while the page is open. */
export function wasErased(id: Uuid): boolean {
  return erasedStore.get().has(id);
}

/** Forgets what is held here of customers who are erased elsewhere. Returns how to stop. */
export function startErasuresLive(client: QueryClient): () => void {
  return onLiveEvent((event) => {
    if (event.type === 'customer.erasure_searched') {
      void client.invalidateQueries({ queryKey: ['erasures'] });
    }
    if (event.type !== 'customer.erased') return;
    erasedStore.set((known) => new Set([...known, ...event.payload.ids]));
    for (const id of event.payload.ids) {
      dropEdits(id);
      void client.resetQueries({ queryKey: customerKey(id) });
      client.removeQueries({ queryKey: ['journey', id] });
    }
    void client.invalidateQueries({ queryKey: ['customers'] });
    void client.invalidateQueries({ queryKey: ['requests'] });
    void client.invalidateQueries({ queryKey: ['erasures'] });
  });
}
