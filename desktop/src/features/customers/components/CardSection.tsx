import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { type ReactNode, useId } from 'react';
import { useSection } from '../../desk/layout.ts';
import styles from './CardSection.module.css';

interface Props {
  name: string;
  title: string;
  count?: number;
  children: ReactNode;
}

/** A part of the card that folds; how it was left is remembered with the user. */
export function CardSection({ name, title, count, children }: Props) {
  const id = useId();
  const [open, setOpen] = useSection(name);
  const Chevron = open ? IconChevronDown : IconChevronRight;
  return (
    <section className={styles.section} aria-labelledby={`${id}-title`}>
      <h3 className={styles.heading}>
        <button
          type="button"
          id={`${id}-title`}
          className={styles.toggle}
          aria-expanded={open}
          aria-controls={id}
          onClick={() => setOpen(!open)}
        >
          <Chevron size={14} aria-hidden className={styles.chevron} />
          {title}
          {count !== undefined && <span className={styles.count}>{count}</span>}
        </button>
      </h3>
      <div id={id} hidden={!open} className={styles.body}>
        {open && children}
      </div>
    </section>
  );
}
