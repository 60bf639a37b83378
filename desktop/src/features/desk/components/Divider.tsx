import { useRef } from 'react';
import styles from './Divider.module.css';

interface Props {
  label: string;
  controls: string;
  value: number;
  min: number;
  max: number;
  initial: number;
  /** The side of its pane that it stands at; dragging away from the pane widens it. */
  side: 'start' | 'end';
  onChange: (width: number) => void;
}

// A step that is seen, and ten of them cross the usual range.
const STEP = 16;

/** The line between two panes: dragged, moved by arrow keys, or put back by a double click. */
export function Divider({ label, controls, value, min, max, initial, side, onChange }: Props) {
  const direction = side === 'end' ? 1 : -1;
  const start = useRef<{ x: number; width: number } | null>(null);
  const clamp = (width: number) => Math.round(Math.min(max, Math.max(min, width)));
  return (
    // biome-ignore lint/a11y/useSemanticElements: a focusable separator is a widget that <hr> is not
    <div
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-controls={controls}
      aria-orientation="vertical"
      aria-valuenow={value}
      aria-valuemin={min}
      aria-valuemax={max}
      className={styles.divider}
      data-side={side}
      onDoubleClick={() => onChange(initial)}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        start.current = { x: event.clientX, width: value };
      }}
      onPointerMove={(event) => {
        if (!start.current) return;
        const moved = (event.clientX - start.current.x) * direction;
        onChange(clamp(start.current.width + moved));
      }}
      onPointerUp={() => {
        start.current = null;
      }}
      onKeyDown={(event) => {
        const step = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
        if (event.key === 'Home') onChange(min);
        else if (event.key === 'End') onChange(max);
        else if (step !== undefined) onChange(clamp(value + step * direction));
        else return;
        event.preventDefault();
      }}
    />
  );
}
