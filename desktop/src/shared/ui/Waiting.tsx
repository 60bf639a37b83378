import { Skeleton } from '@mantine/core';
import styles from './Waiting.module.css';

// Uneven, as text is: a block of equal bars looks like an image that failed.
const WIDTHS = ['62%', '84%', '48%', '73%', '90%', '55%', '68%'];

/** Grey lines where text is about to be; they appear only after 150 ms, so that quick answers do not flicker. */
export function Waiting({ lines, label }: { lines: number; label: string }) {
  return (
    <div className={styles.waiting} role="status" aria-label={label}>
      {Array.from({ length: lines }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all alike
        <Skeleton key={index} height={12} width={WIDTHS[index % WIDTHS.length] ?? '70%'} />
      ))}
    </div>
  );
}
