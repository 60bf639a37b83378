import { useMemo } from 'react';
import { columnDefs } from './columnDefs.ts';
import type { ListColumn } from './columns.ts';
import { arranged, inOrder } from './layout.ts';
import { useLayout } from './useLayout.ts';

/** The columns of a list as the signed-in person has them, for its grid, its column chooser and its export. */
export function useColumns<Row>(list: string, columns: readonly ListColumn<Row>[]) {
  const [layout, setLayout] = useLayout(list);
  const placed = useMemo(() => arranged(columns, layout), [columns, layout]);
  const defs = useMemo(() => columnDefs(columns, placed), [columns, placed]);
  const onMove = (keys: string[]) => setLayout({ columns: inOrder(placed, keys) });
  const onResize = (key: string, width: number) =>
    setLayout({ columns: placed.map((one) => (one.key === key ? { ...one, width } : one)) });
  return { layout, setLayout, placed, defs, onMove, onResize };
}
