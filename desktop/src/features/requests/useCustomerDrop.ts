import { useQueryClient } from '@tanstack/react-query';
import type { RefObject } from 'react';
import type { Uuid } from '../../shared/api/types.ts';
import { reportProblem } from '../../shared/ui/notices.ts';
import { move } from './move.ts';
import { useInteractionDrop } from './useInteractionDrop.ts';

/** Lets interactions be dropped on a customer, whose they then are. Whether one is over it now. */
export function useCustomerDrop(
  element: RefObject<HTMLElement | null>,
  customerId: Uuid | null,
): boolean {
  const client = useQueryClient();
  return useInteractionDrop(element, {
    takes: (dragged) => customerId !== null && dragged.customerId !== customerId,
    onDrop: (dragged) => {
      if (customerId === null) return;
      move(client, dragged.id, { customer_id: customerId }).catch(reportProblem('notice.notMoved'));
    },
  });
}
