import { api } from '../../shared/api/client.ts';
import type { Interaction, Listening, Recording, Uuid } from '../../shared/api/types.ts';
import { useLiveAnswer } from '../../shared/live/useLiveList.ts';
import { useSession } from '../people/api.ts';
import { useLeads } from '../people/rights.ts';

/** The recordings of an interaction; those that its system keeps are there when it has ended. */
export function useRecordings({ id, ended_at }: Interaction) {
  return useLiveAnswer(
    ['recordings', id, ended_at],
    async (signal) =>
      (await api.get<{ items: Recording[] }>(`/interactions/${id}/recordings`, { signal })).items,
    (known, event) =>
      event.type === 'recordings.changed' && event.payload.interaction_id === id
        ? event.payload.recordings
        : known,
  );
}

/** Whether the signed-in person may listen: leads always, agents to conversations that they were in. */
export function useMayListen(interaction: Interaction): boolean {
  const me = useSession().data?.id;
  const leads = useLeads();
  return leads || interaction.activities.some((one) => one.agent_id === me);
}

const pathOf = (one: Recording) => `/interactions/${one.interaction_id}/recordings/${one.id}`;

/** Asks for leave to listen, which is noted in the audit trail. */
export function beginListening(recording: Recording): Promise<Listening> {
  return api.post<Listening>(`${pathOf(recording)}/listen`);
}

/** Removes an uploaded recording for ever. */
export function removeRecording(recording: Recording): Promise<void> {
  return api.delete<void>(pathOf(recording));
}

export function uploadRecording(interactionId: Uuid, file: File): Promise<Recording> {
  const form = new FormData();
  form.set('file', file);
  return api.post<Recording>(`/interactions/${interactionId}/recordings`, form);
}
