import {
  draggable,
  dropTargetForElements,
} from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { type RefObject, useEffect, useRef, useState } from 'react';

export type Half = 'upper' | 'lower';

/**
 * Lets a row be dragged among those of the same `list` (null: not at all), and others be dropped on
 * its halves. The half that one is over now.
 */
export function useRowDrag(
  row: RefObject<HTMLElement | null>,
  {
    list,
    id,
    onDrop,
  }: { list: string | null; id: string; onDrop: (id: string, half: Half) => void },
): Half | null {
  const [over, setOver] = useState<Half | null>(null);
  const drop = useRef(onDrop);
  useEffect(() => {
    drop.current = onDrop;
  });
  useEffect(() => {
    const element = row.current;
    if (!element || list === null) return;
    const halfAt = (y: number): Half => {
      const { top, height } = element.getBoundingClientRect();
      return y < top + height / 2 ? 'upper' : 'lower';
    };
    const stops = [
      draggable({ element, getInitialData: () => ({ list, id }) }),
      dropTargetForElements({
        element,
        canDrop: ({ source }) => source.data.list === list,
        onDrag: ({ location }) => setOver(halfAt(location.current.input.clientY)),
        onDragLeave: () => setOver(null),
        onDrop: ({ source, location }) => {
          setOver(null);
          drop.current(String(source.data.id), halfAt(location.current.input.clientY));
        },
      }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [row, list, id]);
  return over;
}
