import type { ReactNode } from 'react';
import styles from './EmptyState.module.css';

/** Why there is nothing here, and what one can do. */
export function EmptyState({
  title,
  text,
  level: Title = 'p',
  children,
}: {
  title: string;
  text?: string;
  /** `h1` where this stands for the whole of the page. */
  level?: 'h1' | 'p';
  children?: ReactNode;
}) {
  return (
    <div className={styles.empty}>
      <Title className={styles.title}>{title}</Title>
      {text && <p>{text}</p>}
      {children}
    </div>
  );
}
