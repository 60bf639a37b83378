import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api } from '../../../shared/api/client.ts';
import type { Import, Uuid } from '../../../shared/api/types.ts';
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

/** The newest imports, kept current while they run. */
export function useImports() {
  const client = useQueryClient();
  useEffect(() => {
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
  }, [client]);
  return useQuery({
    queryKey: IMPORTS,
    queryFn: ({ signal }) =>
      withEventsMeanwhile(() => api.get<Imports>('/imports', { signal }), applyToImports),
    select: (answer) => answer.items,
  });
}

/** Uploads a file without starting its import: the mapping is looked at first. */
export function uploadFile(file: File): Promise<Import> {
  const form = new FormData();
  form.set('file', file);
  form.set('start', 'false');
  return api.post<Import>('/imports', form);
}

export function startImport(id: Uuid, mapping: Record<string, string>): Promise<Import> {
  return api.post<Import>(`/imports/${id}/start`, { mapping });
}

export function cancelImport(id: Uuid): Promise<Import> {
  return api.post<Import>(`/imports/${id}/cancel`);
}

export const refusedPath = (id: Uuid) => `/api/v1/imports/${id}/refused.csv`;
