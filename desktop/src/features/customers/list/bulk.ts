import { useEffect } from 'react';
import { api } from '../../../shared/api/client.ts';
import type { BulkEdit, Json, LeftAlone, Uuid } from '../../../shared/api/types.ts';
import { listenTo } from '../../../shared/live/live.ts';
import { useLiveList } from '../../../shared/live/useLiveList.ts';

/** The newest bulk edits that were begun, and how far they are. */
export function useBulkEdits() {
  useEffect(() => listenTo('customers'), []);
  return useLiveList(['bulk-edits'], '/bulk-edits', (known: BulkEdit[], event) => {
    if (event.type !== 'bulk_edit.changed') return known;
    const told = event.payload.bulk_edit;
    if (!known.some((one) => one.id === told.id)) return [told, ...known];
    return known.map((one) => (one.id === told.id ? told : one));
  });
}

export interface NewBulkEdit {
  change: Record<string, Json>;
  ids?: Uuid[];
  query?: string;
}

/** Finds and counts whom a change is for; nothing changes before it is started. */
export function prepareBulkEdit(edit: NewBulkEdit): Promise<BulkEdit> {
  return api.post<BulkEdit>('/bulk-edits', edit);
}

export function actOnBulkEdit(id: Uuid, act: 'start' | 'cancel' | 'undo'): Promise<BulkEdit> {
  return api.post<BulkEdit>(`/bulk-edits/${id}/${act}`);
}

export function keptByUndo(id: Uuid): Promise<{ items: LeftAlone[]; next: number | null }> {
  return api.get(`/bulk-edits/${id}/kept`);
}
