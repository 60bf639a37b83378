import type { InteractionRow, Page, Uuid } from '../../../shared/api/types.ts';
import type { LiveEvent } from '../../../shared/live/events.ts';

/** The rows after an event, as far as it tells what they show; the same page if it is about something else. */
export function applyToRows(known: Page<InteractionRow>, event: LiveEvent): Page<InteractionRow> {
  switch (event.type) {
    case 'interaction.changed': {
      const { activities: _, request, candidates, request_id, ...told } = event.payload.interaction;
      return changed(known, isIt(told.id), (row) => ({
        ...row,
        ...told,
        candidates: candidates.length,
        ...(request_id !== undefined && { request_id }),
        ...(request !== undefined && {
          request_number: request?.number ?? null,
          request_title: request?.title ?? null,
        }),
        // Of another customer only the id is told: the name comes with the list, asked for anew.
        customer_name: told.customer_id === row.customer_id ? row.customer_name : null,
      }));
    }
    case 'request.changed': {
      const { id, title } = event.payload.request;
      return changed(
        known,
        (row) => row.request_id === id && row.request_title !== title,
        (row) => ({ ...row, request_title: title }),
      );
    }
    case 'customer.changed': {
      const { id, display_name } = event.payload.customer;
      return changed(
        known,
        (row) => row.customer_id === id && row.customer_name !== display_name,
        (row) => ({ ...row, customer_name: display_name }),
      );
    }
    default:
      return known;
  }
}

/** Whether the list has to be asked for anew after an event, seen from the page before it. */
export function needsAsking(known: Page<InteractionRow> | undefined, event: LiveEvent): boolean {
  const shown = (id: Uuid) => known?.items.some(isIt(id)) ?? false;
  switch (event.type) {
    case 'interaction.changed': {
      const { id, customer_id } = event.payload.interaction;
      // One that is new, or that fits what is asked for only now.
      return !known?.items.some((row) => row.id === id && row.customer_id === customer_id);
    }
    // Agents, tags and outcomes of a row come from its activities.
    case 'activity.changed':
      return shown(event.payload.activity.interaction_id);
    case 'activity.removed':
      return shown(event.payload.interaction_id);
    default:
      return false;
  }
}

const isIt = (id: Uuid) => (row: InteractionRow) => row.id === id;

function changed(
  known: Page<InteractionRow>,
  which: (row: InteractionRow) => boolean,
  change: (row: InteractionRow) => InteractionRow,
): Page<InteractionRow> {
  if (!known.items.some(which)) return known;
  return { ...known, items: known.items.map((row) => (which(row) ? change(row) : row)) };
}
