import { draggable } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { useEffect, useRef, useState } from 'react';
import type { Interaction } from '../../shared/api/types.ts';
import type { Dragged } from './move.ts';

/** Lets an interaction be dragged, from any of its parts: they all go together (product.md 3.7). */
export function useDraggable({ id, customer_id, request_id, standalone }: Interaction) {
  const element = useRef<HTMLElement>(null);
  const [dragging, setDragging] = useState(false);
  useEffect(() => {
    if (!element.current) return;
    const data: Dragged = {
      kind: 'interaction',
      id,
      customerId: customer_id,
      requestId: request_id,
      standalone,
    };
    return draggable({
      element: element.current,
      // Text that is being marked, to copy it, is not dragged.
      canDrag: () => window.getSelection()?.isCollapsed !== false,
      getInitialData: () => data,
      onDragStart: () => setDragging(true),
      onDrop: () => setDragging(false),
    });
  }, [id, customer_id, request_id, standalone]);
  return { element, dragging };
}
