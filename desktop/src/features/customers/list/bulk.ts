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

// Long enough to find out the next morning that yesterday's edit was wrong.
const UNDO_SHOWN_MS = 24 * 3_600_000;

interface Reader {
  me: Uuid;
  /** Server time in ms. */
  now: number;
  dismissed: Json;
}

/** Those that run, whoever began them, and the newest one of the reader, with its undo, for a day. */
export function shownBulkEdits(edits: readonly BulkEdit[], reader: Reader): BulkEdit[] {
  const runs = ({ state }: BulkEdit) => state === 'running' || state === 'undoing';
  const last = edits
    .filter((one) => one.user_id === reader.me)
    .toSorted((a, b) => b.created_at.localeCompare(a.created_at))[0];
  const isFresh =
    last !== undefined &&
    last.id !== reader.dismissed &&
    (last.finished_at === null || reader.now - Date.parse(last.finished_at) < UNDO_SHOWN_MS);
  return edits.filter((one) => runs(one) || (isFresh && one === last));
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
