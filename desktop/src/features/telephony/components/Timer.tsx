import { useSeconds } from '../../../shared/format/clock.ts';
import { elapsed } from '../../../shared/format/time.ts';

/** The running time since a moment, m:ss. Silent: a screen reader must not hear every second. */
export function Timer({ since }: { since: string }) {
  const now = useSeconds();
  return (
    <span aria-hidden className="rd-figures">
      {elapsed(since, now)}
    </span>
  );
}
