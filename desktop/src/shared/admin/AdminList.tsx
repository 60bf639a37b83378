import { VisuallyHidden } from '@mantine/core';
import { IconGripVertical } from '@tabler/icons-react';
import { type KeyboardEvent, useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { useCommand } from '../keys/useCommand.ts';
import styles from './AdminList.module.css';
import { dropPlace, moved } from './reorder.ts';
import { type Half, useRowDrag } from './useRowDrag.ts';

/** One thing that administrators define. `off`: it is out of use, and says so. */
export interface AdminItem {
  id: string;
  label: string;
  note?: string | null;
  off?: string | false;
}

type Step = -1 | 1;
type To = { target: string; half: Half } | Step;

interface RowProps {
  item: AdminItem;
  href: string;
  current: boolean;
  unsaved: boolean;
  /** Only of those that can be moved. */
  move: ((id: string, to: To) => void) | null;
}

function Row({ item, href, current, unsaved, move }: RowProps) {
  const { t } = useTranslation();
  const row = useRef<HTMLLIElement>(null);
  const id = item.id;
  const over = useRowDrag(row, {
    list: move ? 'admin' : null,
    id,
    onDrop: (dropped, half) => move?.(dropped, { target: id, half }),
  });

  const onKeyDown = (event: KeyboardEvent) => {
    if (!move || !event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    event.stopPropagation();
    move(id, event.key === 'ArrowUp' ? -1 : 1);
  };

  return (
    <li ref={row} className={styles.row} data-current={current || undefined} data-over={over}>
      <Link
        href={href}
        className={styles.link ?? ''}
        aria-current={current ? 'true' : undefined}
        aria-keyshortcuts={move ? 'Alt+ArrowUp Alt+ArrowDown' : undefined}
        draggable={false}
        onKeyDown={onKeyDown}
      >
        <span className={styles.text}>
          <bdi className={styles.label} data-off={item.off ? true : undefined}>
            {item.label}
          </bdi>
          {(item.off || item.note) && (
            <span className={styles.note}>{item.off ? item.off : item.note}</span>
          )}
        </span>
        {unsaved && <span className={styles.unsaved}>{t('admin.unsaved')}</span>}
      </Link>
      {move && (
        <span className={styles.handle} aria-hidden title={t('admin.dragHelp')}>
          <IconGripVertical size={14} />
        </span>
      )}
    </li>
  );
}

interface Props {
  label: string;
  items: readonly AdminItem[];
  path: string;
  current: string | null;
  unsaved: readonly string[];
  /** Puts the items that are in use into an order. */
  onOrder?: ((ids: readonly string[]) => void) | undefined;
}

/** The things that a page of administration defines; those in use are dragged, or moved with Alt and an arrow. */
export function AdminList({ label, items, path, current, unsaved, onOrder }: Props) {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const [said, setSaid] = useState('');
  const movable = onOrder ? items.filter((one) => !one.off).map((one) => one.id) : [];
  const act = useRef((_id: string, _to: To): void => undefined);
  useEffect(() => {
    act.current = (id, to) => {
      const place =
        typeof to === 'number'
          ? movable.indexOf(id) + to
          : dropPlace(movable, id, to.target, to.half);
      const wanted = moved(movable, id, place);
      if (wanted === movable) return;
      onOrder?.(wanted);
      const name = items.find((one) => one.id === id)?.label ?? id;
      setSaid(t('admin.moved', { name, place: wanted.indexOf(id) + 1, count: wanted.length }));
    };
  });
  // The same function always, since every row listens for drops with it.
  const move = useCallback((id: string, to: To) => act.current(id, to), []);

  const step = (by: number) => {
    const at = items.findIndex((one) => one.id === current);
    const next = items[at < 0 ? 0 : Math.min(Math.max(at + by, 0), items.length - 1)];
    if (next) navigate(`${path}/${encodeURIComponent(next.id)}`);
  };
  useCommand('list.next', () => step(1));
  useCommand('list.previous', () => step(-1));

  return (
    <>
      <ul className={styles.list} aria-label={label}>
        {items.map((item) => (
          <Row
            key={item.id}
            item={item}
            href={`${path}/${encodeURIComponent(item.id)}`}
            current={item.id === current}
            unsaved={unsaved.includes(item.id)}
            move={movable.includes(item.id) ? move : null}
          />
        ))}
      </ul>
      <VisuallyHidden role="status">{said}</VisuallyHidden>
    </>
  );
}
