import { api } from '../../shared/api/client.ts';
import type { CallView, Cti, Json, Uuid } from '../../shared/api/types.ts';
import type { Way } from './reach.ts';

/** Puts a customer among the open ones of this desk. */
export function openCustomer(id: Uuid): Promise<void> {
  return api.post<void>(`/desk/customers/${id}/open`);
}

export function closeCustomer(id: Uuid): Promise<void> {
  return api.post<void>(`/desk/customers/${id}/close`);
}

export function setCti(loggedIn: boolean): Promise<Cti> {
  return api.post<Cti>(loggedIn ? '/desk/cti/login' : '/desk/cti/logout');
}

/** Ends the wrap-up of a call, with an outcome when one was chosen, and what was typed into its fields. */
export function finishCall(
  activityId: Uuid,
  code: string | null,
  note: string,
  fields: Readonly<Record<string, Json>>,
): Promise<void> {
  return api.post<void>(`/desk/calls/${activityId}/finish`, {
    ...(code && { code }),
    ...(note.trim() !== '' && { note: note.trim() }),
    ...(Object.keys(fields).length > 0 && { fields }),
  });
}

/** Gets in touch with a customer; the conversation comes to the desk by its event. */
export function beginInteraction(
  customerId: Uuid,
  { channel, address }: Way,
  requestId: Uuid | null,
): Promise<CallView> {
  return api.post<CallView>('/desk/interactions', {
    customer_id: customerId,
    channel,
    address,
    request_id: requestId,
  });
}

/** Takes a chat, an e-mail or another digital conversation that goes on now. */
export function acceptInteraction(interactionId: Uuid): Promise<CallView> {
  return api.post<CallView>(`/desk/interactions/${interactionId}/accept`);
}

/** Ends a conversation that was begun or accepted here. */
export function endInteraction(activityId: Uuid, reached: boolean): Promise<void> {
  return api.post<void>(`/desk/calls/${activityId}/end`, { reached });
}
