import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api } from '../../shared/api/client.ts';
import type {
  ChannelPolicy,
  CustomerRequests,
  Interaction,
  Json,
  Moved,
  MoveRecord,
  Request,
  RequestField,
  RequestSchema,
  RequestType,
  Uuid,
} from '../../shared/api/types.ts';
import type { LiveEvent } from '../../shared/live/events.ts';
import {
  eventsSince,
  listenTo,
  onLiveEvent,
  onReload,
  openedSince,
  withEventsMeanwhile,
} from '../../shared/live/live.ts';
import { applyToRequests } from '../../shared/live/resources.ts';
import { useLiveAnswer, useLiveList } from '../../shared/live/useLiveList.ts';

/** Every type and field of requests; changes by administrators show at once. */
export function useRequestSchema() {
  return useLiveAnswer(
    ['request-types'],
    (signal) => api.get<RequestSchema>('/request-types', { signal }),
    (known, event) => (event.type === 'schema.requests_changed' ? event.payload : known),
  );
}

/** The fields that the form of a type shows, in their order, and whether each is needed. */
export function fieldsOf(
  schema: RequestSchema | undefined,
  typeKey: string,
): (RequestField & { required: boolean })[] {
  const type = schema?.types.find((one) => one.key === typeKey);
  return (type?.fields ?? []).flatMap(({ key, required }) => {
    const field = schema?.fields.find((one) => one.key === key && one.hidden_at === null);
    return field ? [{ ...field, required }] : [];
  });
}

async function fetchRequests(customerId: Uuid, signal: AbortSignal): Promise<CustomerRequests> {
  const get = () => api.get<CustomerRequests>(`/customers/${customerId}/requests`, { signal });
  let answer = await get();
  // Opened while the answer was on its way: what happened before that is in no event of ours.
  if (answer.position < openedSince(customerId)) answer = await get();
  return eventsSince(answer.position).reduce(
    (known, event) => applyToRequests(known, customerId, event),
    answer,
  );
}

/** The requests of a customer, the active ones first. */
export function useCustomerRequests(customerId: Uuid) {
  const client = useQueryClient();
  useEffect(
    () =>
      onLiveEvent((event) => {
        // The stream tells of a customer only from its opening on; a merge brings the requests of another one.
        const renewed =
          event.type === 'desk.customer_opened'
            ? event.payload.open.customer.id
            : event.type === 'customer.merged' || event.type === 'customer.unmerged'
              ? event.payload.customer.id
              : null;
        if (renewed === customerId)
          void client.invalidateQueries({ queryKey: ['requests', 'of', customerId] });
      }),
    [client, customerId],
  );
  return useLiveAnswer(
    ['requests', 'of', customerId],
    (signal) => fetchRequests(customerId, signal),
    (known, event) => applyToRequests(known, customerId, event),
  );
}

function newer(known: Request, event: LiveEvent): Request {
  if (event.type !== 'request.changed') return known;
  const { request } = event.payload;
  return request.id === known.id && request.version > known.version ? request : known;
}

/** One request, followed for as long as it is shown. */
export function useRequest(id: Uuid) {
  const client = useQueryClient();
  useEffect(() => {
    const key = ['requests', 'one', id];
    const stops = [
      listenTo(`request:${id}`),
      onLiveEvent((event) => {
        const known = client.getQueryData<Request>(key);
        const next = known && newer(known, event);
        if (next !== known) client.setQueryData(key, next);
        if (event.type === 'request.discarded' && event.payload.request_id === id)
          void client.resetQueries({ queryKey: key });
      }),
      onReload(() => void client.invalidateQueries({ queryKey: key })),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [client, id]);
  return useQuery({
    queryKey: ['requests', 'one', id],
    gcTime: 0,
    queryFn: ({ signal }) =>
      withEventsMeanwhile(() => api.get<Request>(`/requests/${id}`, { signal }), newer),
  });
}

/** What people write into a request. */
export type RequestContent = Pick<
  Request,
  'type' | 'title' | 'description' | 'owner_id' | 'due_on' | 'priority' | 'fields'
>;

export interface NewRequest extends Partial<RequestContent> {
  type: string;
  title: string;
  customer_id?: Uuid;
  interaction_id?: Uuid;
}

export function openRequest(request: NewRequest): Promise<Request> {
  return api.post<Request>('/requests', request);
}

export function editRequest(request: Request, change: Partial<RequestContent>): Promise<Request> {
  return api.patch<Request>(`/requests/${request.id}`, change, { ifMatch: request.version });
}

export function closeRequest(id: Uuid, reason: string): Promise<Request> {
  return api.post<Request>(`/requests/${id}/close`, { reason });
}

export function reopenRequest(id: Uuid, reason: string): Promise<Request> {
  return api.post<Request>(`/requests/${id}/reopen`, { reason });
}

/** Chooses what the current interaction is about; the answer says what stands (product.md 2.5). */
export function chooseRequest(interactionId: Uuid, requestId: Uuid | null): Promise<Interaction> {
  return api.patch<Interaction>(`/interactions/${interactionId}`, { request_id: requestId });
}

/** The conversation is not about the request that its channel's policy proposes. */
export function declineProposal(activityId: Uuid): Promise<void> {
  return api.delete<void>(`/desk/calls/${activityId}/proposal`);
}

/** The request that was opened by itself for a conversation never happened. */
export function discardRequest(activityId: Uuid): Promise<void> {
  return api.delete<void>(`/desk/calls/${activityId}/request`);
}

/** What happens to the request on each channel; changes by administrators show at once. */
export function useRequestPolicies() {
  return useLiveList(['request-policies'], '/request-policies', (known: ChannelPolicy[], event) =>
    event.type === 'schema.request_policies_changed' ? event.payload.items : known,
  );
}

export function changePolicy(
  channel: string,
  change: Partial<ChannelPolicy>,
): Promise<ChannelPolicy> {
  return api.patch<ChannelPolicy>(`/request-policies/${channel}`, change);
}

/** Where an interaction goes. */
export type MoveTarget =
  | { request_id: Uuid | null }
  | { new_request: NewRequest }
  | { customer_id: Uuid };

export function moveInteraction(id: Uuid, to: MoveTarget, reason: string): Promise<Moved> {
  return api.post<Moved>(`/interactions/${id}/move`, { ...to, reason });
}

/** How an interaction came to its request and its customer: every move, the oldest first. */
export function fetchTagging(id: Uuid, signal: AbortSignal): Promise<{ moves: MoveRecord[] }> {
  return api.get(`/interactions/${id}/tagging`, { signal });
}

export function undoMove({ id, interaction_id }: MoveRecord): Promise<Moved> {
  return api.post<Moved>(`/interactions/${interaction_id}/moves/${id}/undo`);
}

export type NewType = Pick<RequestType, 'label' | 'close_after_days' | 'fields'> & { key?: string };
export type NewField = Pick<RequestField, 'label' | 'type' | 'help'>;

export function addType(type: NewType): Promise<RequestType> {
  return api.post<RequestType>('/request-types', type);
}

export function changeType(key: string, change: Partial<NewType>): Promise<RequestType> {
  return api.patch<RequestType>(`/request-types/${key}`, change);
}

/** Takes a type out of use; its requests stay. */
export function hideType(key: string): Promise<RequestType> {
  return api.delete<RequestType>(`/request-types/${key}`);
}

export function restoreType(key: string): Promise<RequestType> {
  return api.post<RequestType>(`/request-types/${key}/restore`);
}

export function orderTypes(keys: string[]): Promise<RequestSchema> {
  return api.put<RequestSchema>('/request-types/order', { keys });
}

export function addField(field: NewField): Promise<RequestField> {
  return api.post<RequestField>('/request-fields', field);
}

export function changeField(key: string, change: Partial<NewField>): Promise<RequestField> {
  return api.patch<RequestField>(`/request-fields/${key}`, change);
}

/** Takes a field out of use in every type; its values are kept. */
export function hideField(key: string): Promise<RequestField> {
  return api.delete<RequestField>(`/request-fields/${key}`);
}

export function restoreField(key: string): Promise<RequestField> {
  return api.post<RequestField>(`/request-fields/${key}/restore`);
}

/** The value of a field as it is stored, or null. */
export function fieldValue(fields: Record<string, Json>, key: string): Json {
  return fields[key] ?? null;
}
