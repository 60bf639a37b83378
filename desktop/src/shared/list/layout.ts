import type { Json } from '../api/types.ts';

/** One column as somebody wants it. */
export interface ColumnLayout {
  key: string;
  width: number | null;
  hidden: boolean;
}

/** The columns of a list in somebody's order. */
export interface Layout {
  columns: ColumnLayout[];
}

interface Known {
  key: string;
  extra?: boolean;
  pinned?: boolean;
}

/** A layout from what was stored; null for what is none. */
export function layoutFrom(stored: Json | undefined): Layout | null {
  if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) return null;
  if (!Array.isArray(stored.columns)) return null;
  const columns = stored.columns.flatMap((one): ColumnLayout[] => {
    if (typeof one !== 'object' || one === null || Array.isArray(one)) return [];
    if (typeof one.key !== 'string') return [];
    const width = typeof one.width === 'number' ? Math.round(one.width) : null;
    return [{ key: one.key, width, hidden: one.hidden === true }];
  });
  return { columns };
}

/**
 * Every column of the list where somebody put it: those that the layout does not know come last, hidden
 * if they are not shown by themselves; what there is no more falls out. Pinned ones stay first and shown.
 */
export function arranged(known: readonly Known[], layout: Layout | null): ColumnLayout[] {
  const placed = (layout?.columns ?? []).filter((one) => known.some(({ key }) => key === one.key));
  const others = known
    .filter(({ key }) => !placed.some((one) => one.key === key))
    .map(({ key, extra, pinned }) => ({
      key,
      width: null,
      hidden: pinned ? false : layout ? true : extra === true,
    }));
  const isPinned = (key: string) => known.some((one) => one.key === key && one.pinned);
  const all = [...placed, ...others].map((one) =>
    isPinned(one.key) ? { ...one, hidden: false } : one,
  );
  return [...all.filter((one) => isPinned(one.key)), ...all.filter((one) => !isPinned(one.key))];
}

/** The columns with one moved before or behind its neighbour that is shown; the same when there is none. */
export function stepped(
  columns: ColumnLayout[],
  key: string,
  by: 1 | -1,
  pinned: number,
): ColumnLayout[] {
  const at = columns.findIndex((one) => one.key === key);
  const to = at + by;
  if (at < pinned || to < pinned || to >= columns.length) return columns;
  const next = [...columns];
  const [one] = next.splice(at, 1);
  if (one) next.splice(to, 0, one);
  return next;
}

/** The columns in the order in which the grid now shows them; hidden ones stay behind the one that they followed. */
export function inOrder(columns: ColumnLayout[], shown: readonly string[]): ColumnLayout[] {
  const groups = new Map<string, ColumnLayout[]>();
  let last = '';
  for (const one of columns) {
    if (one.hidden) groups.set(last, [...(groups.get(last) ?? []), one]);
    else last = one.key;
  }
  const byKey = new Map(columns.map((one) => [one.key, one]));
  return [
    ...(groups.get('') ?? []),
    ...shown.flatMap((key) => {
      const one = byKey.get(key);
      return one ? [one, ...(groups.get(key) ?? [])] : [];
    }),
  ];
}
