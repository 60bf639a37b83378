import type { QueryClient } from '@tanstack/react-query';
import type { Interaction, Moved, MoveRecord, Uuid } from '../../shared/api/types.ts';
import { notify, reportProblem } from '../../shared/ui/notices.ts';
import { changeJourneys } from '../interactions/api.ts';
import { type MoveTarget, moveInteraction, undoMove } from './api.ts';

/** What is dragged: an interaction, whole, from whichever of its parts the drag began. */
export interface Dragged extends Record<string | symbol, unknown> {
  kind: 'interaction';
  id: Uuid;
  customerId: Uuid | null;
  requestId: Uuid | null;
  /** Whether it is one activity that stands alone. */
  standalone: boolean;
}

export function draggedOf(data: Record<string | symbol, unknown>): Dragged | null {
  return data.kind === 'interaction' ? (data as Dragged) : null;
}

/** Shows one's own move at once; the event about it, before or after, adds nothing. */
function show(client: QueryClient, { id, customer_id, request_id, request }: Interaction): void {
  changeJourneys(client, (pages, customerId) => {
    if (!pages.some((page) => page.items.some((one) => one.id === id))) return pages;
    return pages.map((page) => ({
      ...page,
      items: page.items
        .filter((one) => one.id !== id || customer_id === customerId)
        .map((one) => (one.id === id ? { ...one, request_id, request } : one)),
    }));
  });
}

/** Takes a move back. */
export async function takeBack(client: QueryClient, made: MoveRecord): Promise<void> {
  const { interaction } = await undoMove(made);
  show(client, interaction);
  notify('notice.movedBack');
}

/** Moves an interaction and offers to take it back (product.md 3.7). */
export async function move(
  client: QueryClient,
  id: Uuid,
  to: MoveTarget,
  reason = '',
): Promise<Moved> {
  const moved = await moveInteraction(id, to, reason);
  show(client, moved.interaction);
  notify('notice.moved', null, {
    action: {
      key: 'common.undo',
      run: () => void takeBack(client, moved.move).catch(reportProblem('notice.notMoved')),
    },
  });
  return moved;
}

/** What the current interaction is about, as it stands after a choice. */
export function showChoice(
  client: QueryClient,
  interaction: Interaction,
  chosen: Uuid | null,
): void {
  show(client, interaction);
  if (interaction.request_id !== chosen) notify('notice.choiceStands');
}
