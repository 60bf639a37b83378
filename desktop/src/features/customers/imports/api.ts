import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api } from '../../../shared/api/client.ts';
import type { Import, KeptCustomer, OnDuplicate, Uuid } from '../../../shared/api/types.ts';
import type { LiveEvent } from '../../../shared/live/events.ts';
import { listenTo, onLiveEvent, onReload, withEventsMeanwhile } from '../../../shared/live/live.ts';

const IMPORTS = ['imports'] as const;

interface Imports {
  items: Import[];
}

function applyToImports(known: Imports, event: LiveEvent): Imports {
  if (event.type !== 'import.changed') return known;
  const told = event.payload.import;
  return { items: known.items.map((one) => (one.id === told.id ? { ...one, ...told } : one)) };
}

/** The newest imports, kept current while they run; nobody but who leads may ask for them. */
export function useImports(enabled = true) {
  const client = useQueryClient();
  useEffect(() => {
    // Who may not hear of imports would lose the whole stream by asking to.
    if (!enabled) return;
    const stops = [
      listenTo('imports'),
      onLiveEvent((event) => {
        if (event.type !== 'import.changed') return;
        const known = client.getQueryData<Imports>(IMPORTS);
        if (known?.items.some((one) => one.id === event.payload.import.id)) {
          client.setQueryData(IMPORTS, applyToImports(known, event));
        } else void client.invalidateQueries({ queryKey: IMPORTS });
      }),
      onReload(() => void client.invalidateQueries({ queryKey: IMPORTS })),
    ];
    return () => {
      for (const stop of stops) stop();
      client.removeQueries({ queryKey: IMPORTS });
    };
  }, [client, enabled]);
  return useQuery({
    queryKey: IMPORTS,
    enabled,
    queryFn: ({ signal }) =>
      withEventsMeanwhile(() => api.get<Imports>('/imports', { signal }), applyToImports),
    select: (answer) => answer.items,
  });
}

const importKey = (id: Uuid) => ['import', id] as const;

/** One import, kept current; what only a fresh read has (the refused rows) comes with each new state. */
export function useImport(id: Uuid) {
  const client = useQueryClient();
  useEffect(() => {
    const key = importKey(id);
    const stops = [
      listenTo('imports'),
      onLiveEvent((event) => {
        if (event.type !== 'import.changed' || event.payload.import.id !== id) return;
        const known = client.getQueryData<Import>(key);
        if (known) client.setQueryData<Import>(key, { ...known, ...event.payload.import });
        if (known?.state !== event.payload.import.state)
          void client.invalidateQueries({ queryKey: key });
      }),
      onReload(() => void client.invalidateQueries({ queryKey: key })),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [client, id]);
  return useQuery({
    queryKey: importKey(id),
    // Nobody follows it any more: what changes from then on would be missed.
    gcTime: 0,
    queryFn: ({ signal }) =>
      withEventsMeanwhile(
        () => api.get<Import>(`/imports/${id}`, { signal }),
        (known, event) =>
          event.type === 'import.changed' && event.payload.import.id === id
            ? { ...known, ...event.payload.import }
            : known,
      ),
  });
}

/** How the rows are to be read. */
export interface Choices {
  mapping: Record<string, string>;
  key: string | null;
  on_duplicate: OnDuplicate;
}

/** An act on an import; what it answers is shown at once. */
export function useImportAct<Sent = void>(id: Uuid, act: (sent: Sent) => Promise<Import>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: (now: Import) => client.setQueryData<Import>(importKey(id), now),
  });
}

/** Uploads a file without starting its import: the mapping is looked at first. */
export function uploadFile(file: File): Promise<Import> {
  const form = new FormData();
  form.set('file', file);
  form.set('start', 'false');
  return api.post<Import>('/imports', form);
}

/** Dry run: what would become of every row. */
export function checkImport(id: Uuid, choices: Choices): Promise<Import> {
  return api.post<Import>(`/imports/${id}/check`, choices);
}

export function startImport(id: Uuid): Promise<Import> {
  return api.post<Import>(`/imports/${id}/start`, {});
}

export function cancelImport(id: Uuid): Promise<Import> {
  return api.post<Import>(`/imports/${id}/cancel`);
}

export function undoImport(id: Uuid): Promise<Import> {
  return api.post<Import>(`/imports/${id}/undo`);
}

interface KeptPage {
  items: KeptCustomer[];
  next_after: number | null;
}

/** What an undo kept, page by page. */
export function useKept(id: Uuid) {
  return useInfiniteQuery({
    queryKey: ['import', id, 'kept'],
    queryFn: ({ pageParam, signal }) =>
      api.get<KeptPage>(`/imports/${id}/kept`, { query: { after: pageParam, limit: 50 }, signal }),
    initialPageParam: 0,
    getNextPageParam: (last) => last.next_after,
  });
}

export const refusedPath = (id: Uuid) => `/api/v1/imports/${id}/refused.csv`;
