import type { Page } from '../api/types.ts';

/** A page whose row of the same id is older shows the told one; the same page otherwise. */
export function withNewer<Row extends { id: string; version: number }, Told extends Row>(
  known: Page<Row>,
  told: Told,
): Page<Row> {
  const isOlder = (row: Row) => row.id === told.id && row.version < told.version;
  if (!known.items.some(isOlder)) return known;
  return { ...known, items: known.items.map((row) => (isOlder(row) ? told : row)) };
}
