import type { ReactNode } from 'react';
import styles from './FullPage.module.css';

/** One thing in the middle of an otherwise empty page. */
export function FullPage({ children }: { children: ReactNode }) {
  return (
    <main className={styles.page}>
      <div className={styles.box}>{children}</div>
    </main>
  );
}
