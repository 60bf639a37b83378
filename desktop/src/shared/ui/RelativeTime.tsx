import { useMinutes } from '../format/clock.ts';
import { absoluteTime, relativeTime } from '../format/time.ts';

/** A moment: relative within a day, a date before that; the full date and time on hover. */
export function RelativeTime({ at }: { at: string }) {
  const now = useMinutes();
  return (
    <time dateTime={at} title={absoluteTime(at)}>
      {relativeTime(at, now)}
    </time>
  );
}
