import { Kbd } from '@mantine/core';
import { keyCaps } from './commands.ts';
import styles from './KeyCaps.module.css';

export function KeyCaps({ keys }: { keys: string }) {
  return (
    <span className={styles.caps}>
      {keyCaps(keys).map((cap) => (
        <Kbd key={cap} size="xs">
          {cap}
        </Kbd>
      ))}
    </span>
  );
}
