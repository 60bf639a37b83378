import { dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { type Dragged, draggedOf } from './move.ts';

interface Target {
  /** Whether this one can be dropped here. */
  takes: (dragged: Dragged) => boolean;
  onDrop: (dragged: Dragged) => void;
}

/** Lets interactions be dropped on an element. Whether one is over it now. */
export function useInteractionDrop(
  element: RefObject<HTMLElement | null>,
  target: Target,
): boolean {
  const [over, setOver] = useState(false);
  const latest = useRef(target);
  useEffect(() => {
    latest.current = target;
  });
  useEffect(() => {
    if (!element.current) return;
    return dropTargetForElements({
      element: element.current,
      canDrop: ({ source }) => {
        const dragged = draggedOf(source.data);
        return dragged !== null && latest.current.takes(dragged);
      },
      onDragEnter: () => setOver(true),
      onDragLeave: () => setOver(false),
      onDrop: ({ source }) => {
        setOver(false);
        const dragged = draggedOf(source.data);
        if (dragged) latest.current.onDrop(dragged);
      },
    });
  }, [element]);
  return over;
}
