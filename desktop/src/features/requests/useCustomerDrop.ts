import { dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { useQueryClient } from '@tanstack/react-query';
import { type RefObject, useEffect, useState } from 'react';
import type { Uuid } from '../../shared/api/types.ts';
import { reportProblem } from '../../shared/ui/notices.ts';
import { draggedOf, move } from './move.ts';

/** Lets interactions be dropped on a customer, whose they then are. Whether one is over it now. */
export function useCustomerDrop(
  element: RefObject<HTMLElement | null>,
  customerId: Uuid | null,
): boolean {
  const client = useQueryClient();
  const [over, setOver] = useState(false);
  useEffect(() => {
    if (!element.current || customerId === null) return;
    return dropTargetForElements({
      element: element.current,
      canDrop: ({ source }) => {
        const dragged = draggedOf(source.data);
        return dragged !== null && dragged.customerId !== customerId;
      },
      onDragEnter: () => setOver(true),
      onDragLeave: () => setOver(false),
      onDrop: ({ source }) => {
        setOver(false);
        const dragged = draggedOf(source.data);
        if (dragged)
          move(client, dragged.id, { customer_id: customerId }).catch(
            reportProblem('notice.notMoved'),
          );
      },
    });
  }, [element, customerId, client]);
  return over;
}
