import { type ReactNode, useEffect, useRef } from 'react';

/** The heading of a step: the keyboard and the reader go on there when the step changes. */
export function StepTitle({ children }: { children: ReactNode }) {
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus({ preventScroll: true }), []);
  return (
    <h2 id="step-title" ref={title} tabIndex={-1}>
      {children}
    </h2>
  );
}
