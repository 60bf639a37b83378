import { useEffect } from 'react';
import { api } from '../api/client.ts';
import type { Json, Uuid, View } from '../api/types.ts';
import { listenTo, useDesk } from '../live/live.ts';
import { useLiveList } from '../live/useLiveList.ts';
import type { Layout } from './layout.ts';

const byName = (a: View, b: View) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id);

/** The views of a list that this person may use: their own and those of their team. Changes show at once. */
export function useViews(list: string) {
  const me = useDesk((desk) => desk.user);
  const team = me.team?.id;
  useEffect(() => (team ? listenTo(`team:${team}`) : undefined), [team]);
  return useLiveList(['views', list], `/views?list=${list}`, (known: View[], event) => {
    if (event.type === 'view.removed') {
      const { id, kept_by } = event.payload;
      return kept_by === me.id ? known : known.filter((one) => one.id !== id);
    }
    if (event.type !== 'view.changed' || event.payload.view.list !== list) return known;
    const told = event.payload.view;
    return [...known.filter((one) => one.id !== told.id), told].sort(byName);
  });
}

export interface ViewFields {
  name: string;
  query: string;
  layout: Layout | null;
  team_id: Uuid | null;
}

export function saveView(list: string, fields: ViewFields): Promise<View> {
  return api.post<View>('/views', { list, ...fields });
}

export function changeView(id: Uuid, change: Partial<ViewFields>): Promise<View> {
  return api.patch<View>(`/views/${id}`, change as unknown as Json);
}

export function removeView(id: Uuid): Promise<void> {
  return api.delete<void>(`/views/${id}`);
}
