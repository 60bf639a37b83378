import type { ColumnState } from 'ag-grid-community';

export interface Sort {
  column: string;
  descending: boolean;
}

/** How the grid marks its headings for an order, the first column first. */
export function columnState(sort: readonly Sort[]): ColumnState[] {
  return sort.map(({ column, descending }, place) => ({
    colId: column,
    sort: descending ? 'desc' : 'asc',
    sortIndex: place,
  }));
}

/** The order that the headings of the grid ask for. */
export function sortOf(state: readonly ColumnState[]): Sort[] {
  return state
    .filter((one) => one.sort)
    .sort((a, b) => (a.sortIndex ?? 0) - (b.sortIndex ?? 0))
    .map((one) => ({ column: one.colId, descending: one.sort === 'desc' }));
}
