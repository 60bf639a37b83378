import { useEffect } from 'react';
import { api } from '../../shared/api/client.ts';
import type {
  Activity,
  Channel,
  FieldSet,
  FieldSets,
  FormField,
  Interaction,
  Json,
  PoolField,
  Uuid,
} from '../../shared/api/types.ts';
import { listenTo } from '../../shared/live/live.ts';
import { useLiveAnswer } from '../../shared/live/useLiveList.ts';

/** The field set of every channel; changes by administrators show at once. */
export function useFieldSets() {
  return useLiveAnswer(
    ['field-sets'],
    (signal) => api.get<FieldSets>('/field-sets', { signal }),
    (known, event) => (event.type === 'schema.activities_changed' ? event.payload : known),
  );
}

export type ShownField = PoolField & { required: boolean };

/** The fields that activities of a channel show, in their order. */
export function fieldsOfChannel(sets: FieldSets | undefined, channel: Channel): ShownField[] {
  const members = sets?.sets.find((one) => one.channel === channel)?.fields ?? [];
  return members.flatMap(({ key, required }) => {
    const field = sets?.fields.find((one) => one.key === key && one.hidden_at === null);
    return field ? [{ ...field, required }] : [];
  });
}

/** The values of these fields as a form wants them: null where there is none. */
export function valuesOf(
  fields: readonly ShownField[],
  values: Readonly<Record<string, Json>>,
): Record<string, Json> {
  return Object.fromEntries(fields.map(({ key }) => [key, values[key] ?? null]));
}

/** Sets fields of an activity; null clears, others keep their values. */
export function fillIn(activityId: Uuid, fields: Record<string, Json>): Promise<Activity> {
  return api.patch<Activity>(`/activities/${activityId}`, { fields });
}

/** The stored fields of a call at the desk, followed while it is in wrap-up. */
export function useFieldsOfCall(interactionId: Uuid, activityId: Uuid) {
  useEffect(() => listenTo(`interaction:${interactionId}`), [interactionId]);
  return useLiveAnswer(
    ['fields-of-call', activityId],
    async (signal) => {
      const call = await api.get<Interaction>(`/interactions/${interactionId}`, { signal });
      return call.activities.find((one) => one.id === activityId)?.fields ?? {};
    },
    (known, event) =>
      event.type === 'activity.changed' && event.payload.activity.id === activityId
        ? (event.payload.activity.fields ?? known)
        : known,
  );
}

export function changeSet(channel: Channel, fields: FormField[]): Promise<FieldSet> {
  return api.put(`/field-sets/${channel}`, { fields } as unknown as Json);
}

type Content = Pick<PoolField, 'label' | 'type' | 'help'>;

export function addField(field: Content): Promise<PoolField> {
  return api.post<PoolField>('/activity-fields', field);
}

export function changeField(key: string, change: Partial<Content>): Promise<PoolField> {
  return api.patch<PoolField>(`/activity-fields/${key}`, change);
}

/** Takes a field out of use on every channel; its values are kept. */
export function hideField(key: string): Promise<PoolField> {
  return api.delete<PoolField>(`/activity-fields/${key}`);
}

export function restoreField(key: string): Promise<PoolField> {
  return api.post<PoolField>(`/activity-fields/${key}/restore`);
}
