import type { ColDef } from 'ag-grid-community';
import type { ListColumn } from './columns.ts';
import type { ColumnLayout } from './layout.ts';

/** The columns that show, in their order, as the grid wants them. */
export function columnDefs<Row>(
  columns: readonly ListColumn<Row>[],
  placed: readonly ColumnLayout[],
): ColDef<Row>[] {
  return placed.flatMap(({ key, width, hidden }): ColDef<Row>[] => {
    const column = columns.find((one) => one.key === key);
    return column && !hidden ? [columnDef(column, width)] : [];
  });
}

function columnDef<Row>(column: ListColumn<Row>, width: number | null): ColDef<Row> {
  const { key, kind, label, least, pinned, sortable, cell } = column;
  const newestFirst = kind === 'instant' || kind === 'day' || kind === 'number';
  const def: ColDef<Row> = {
    colId: key,
    headerName: label,
    sortable: sortable !== false,
    // A width that somebody chose may be less than what a column takes by itself.
    minWidth: width === null ? least : 60,
    // Of times and numbers the newest is what one looks for.
    sortingOrder: newestFirst ? ['desc', 'asc'] : ['asc', 'desc'],
  };
  if (cell) def.cellRenderer = cell;
  if (pinned) {
    def.pinned = 'left';
    def.lockPosition = 'left';
    def.width = width ?? column.width;
  } else if (width === null) def.flex = column.width;
  else {
    def.width = width;
    // Said, or the grid keeps the share that the column had.
    def.flex = 0;
  }
  return def;
}
