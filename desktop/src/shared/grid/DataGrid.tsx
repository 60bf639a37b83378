import {
  CellStyleModule,
  ClientSideRowModelModule,
  type ColDef,
  ColumnApiModule,
  type ColumnMovedEvent,
  type ColumnResizedEvent,
  type GetLocaleTextParams,
  type GridApi,
  LocaleModule,
  ModuleRegistry,
  RenderApiModule,
  RowApiModule,
  ScrollApiModule,
  type SortChangedEvent,
  themeQuartz,
} from 'ag-grid-community';
import { AgGridReact } from 'ag-grid-react';
import { useCallback, useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommand } from '../keys/useCommand.ts';
import { type SelectionStore, toggled } from '../list/selection.ts';
import styles from './DataGrid.module.css';
import { SelectBox, SelectPageBox } from './SelectBox.tsx';
import { columnState, type Sort, sortOf } from './sort.ts';

// Without its module a call of the grid's API does nothing but complain on the console.
ModuleRegistry.registerModules([
  CellStyleModule,
  ClientSideRowModelModule,
  ColumnApiModule,
  LocaleModule,
  RenderApiModule,
  RowApiModule,
  ScrollApiModule,
]);

// Colours come from our own variables, so that the grid follows light and dark without a second theme.
const theme = themeQuartz.withParams({
  fontFamily: 'inherit',
  fontSize: 13,
  headerFontSize: 12,
  headerFontWeight: 600,
  spacing: 6,
  cellHorizontalPadding: 12,
  rowHeight: 36,
  headerHeight: 34,
  wrapperBorder: false,
  wrapperBorderRadius: 0,
  backgroundColor: 'var(--rd-pane)',
  foregroundColor: 'var(--rd-text)',
  headerBackgroundColor: 'var(--rd-chrome)',
  headerTextColor: 'var(--rd-dim)',
  borderColor: 'var(--rd-line)',
  rowHoverColor: 'var(--rd-hover)',
  oddRowBackgroundColor: 'var(--rd-pane)',
  accentColor: 'var(--rd-accent)',
  iconSize: 14,
});

// A click sorts one way, the next one the other: a list without any order is of use to nobody.
const DEFAULT_COLUMN = {
  sortable: true,
  resizable: true,
  sortingOrder: ['asc', 'desc'],
  minWidth: 80,
} as const satisfies ColDef;

interface Props<Row> {
  label: string;
  columns: ColDef<Row>[];
  rows: Row[];
  rowId(row: Row): string;
  sort: Sort[];
  onSort(sort: Sort[]): void;
  onOpen(row: Row): void;
  /** Whether the rows are still those of the question before. */
  busy: boolean;
  /** What was asked for; the rows that answer another question are shown from their first one. */
  question: string;
  /** Columns were moved: all that are shown, in their new order. */
  onMove?: (keys: string[]) => void;
  onResize?: (key: string, width: number) => void;
  /** With it rows have boxes, and X selects the one with the focus. `nameOf` says a row's name to who can't see it. */
  selection?: { store: SelectionStore; nameOf: (row: Row) => string };
}

const SELECT = '__select';

/**
 * The one grid of the desktop. The server sorts, filters and pages: the grid shows the rows that it is given,
 * in their order, and says what was asked for. Rows: arrows or J and K, Enter opens.
 */
export function DataGrid<Row>({
  label,
  columns,
  rows,
  rowId,
  sort,
  onSort,
  onOpen,
  busy,
  question,
  onMove,
  onResize,
  selection,
}: Props<Row>) {
  const { t } = useTranslation();
  const api = useRef<GridApi<Row> | null>(null);
  // The order is the server's; the grid only shows which way a column is sorted.
  const page = useMemo(() => rows.map(rowId), [rows, rowId]);
  const pageKey = page.join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the page by what it holds, not by which array holds it
  const columnDefs = useMemo(() => {
    const given = columns.map((column): ColDef<Row> => ({ comparator: () => 0, ...column }));
    return selection ? [selectColumn(selection, page, rowId), ...given] : given;
  }, [columns, selection?.store, pageKey]);
  const getLocaleText = useCallback(
    ({ key, defaultValue }: GetLocaleTextParams<Row>) =>
      key === 'ariaSortableColumn' ? t('grid.sortable') : defaultValue,
    [t],
  );
  const showSort = useCallback((grid: GridApi<Row> | null, sorts: readonly Sort[]) => {
    grid?.applyColumnState({ state: columnState(sorts), defaultState: { sort: null } });
  }, []);
  useEffect(() => showSort(api.current, sort), [showSort, sort]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another question, not other rows: those also change live
  useEffect(() => {
    if (!busy && rows.length > 0) api.current?.ensureIndexVisible(0, 'top');
  }, [busy, question]);

  const step = (by: 1 | -1) => {
    const grid = api.current;
    const first = columns[0]?.colId;
    if (!grid || first === undefined || rows.length === 0) return;
    const at = grid.getFocusedCell()?.rowIndex;
    const next = at === undefined ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1);
    grid.ensureIndexVisible(next);
    grid.setFocusedCell(next, first);
  };
  useCommand('list.next', () => step(1));
  useCommand('list.previous', () => step(-1));

  const toggle = () => {
    const at = api.current?.getFocusedCell()?.rowIndex;
    const row = at === undefined ? undefined : rows[at];
    if (row) selection?.store.set((selected) => toggled(selected, rowId(row), page));
  };
  useCommand('list.select', toggle, selection !== undefined);

  const wasMoved = (event: ColumnMovedEvent<Row>) => {
    if (!event.finished || event.source !== 'uiColumnMoved' || !onMove) return;
    const shown = event.api.getAllDisplayedColumns().map((column) => column.getColId());
    onMove(shown.filter((key) => key !== SELECT));
  };
  const wasResized = (event: ColumnResizedEvent<Row>) => {
    const asked = event.finished && event.source.startsWith('uiColumn');
    if (asked && event.column) onResize?.(event.column.getColId(), event.column.getActualWidth());
  };

  const sorted = (event: SortChangedEvent<Row>) => {
    // Only what a person asked for: our own marking of the headings comes by here, too.
    if (event.source === 'uiColumnSorted') onSort(sortOf(event.api.getColumnState()));
  };

  return (
    <div className={styles.grid} aria-busy={busy}>
      <AgGridReact<Row>
        theme={theme}
        rowData={rows}
        columnDefs={columnDefs}
        defaultColDef={DEFAULT_COLUMN}
        getRowId={({ data }) => rowId(data)}
        onGridReady={(event) => {
          api.current = event.api;
          event.api.setGridAriaProperty('label', label);
          showSort(event.api, sort);
        }}
        onSortChanged={sorted}
        onRowClicked={({ data, event }) => {
          const on = event?.target instanceof Element ? event.target : null;
          if (data && !on?.closest('[data-select]')) onOpen(data);
        }}
        onColumnMoved={wasMoved}
        onColumnResized={wasResized}
        onCellKeyDown={({ event, data }) => {
          // Alt+Enter goes to a call.
          const enters = event instanceof KeyboardEvent && event.key === 'Enter' && !event.altKey;
          if (data && enters) onOpen(data);
        }}
        suppressNoRowsOverlay
        suppressCellFocus={false}
        enableCellTextSelection={false}
        animateRows={false}
        suppressDragLeaveHidesColumns
        getLocaleText={getLocaleText}
      />
    </div>
  );
}

/** The column of boxes. */
function selectColumn<Row>(
  { store, nameOf }: { store: SelectionStore; nameOf: (row: Row) => string },
  page: readonly string[],
  rowId: (row: Row) => string,
): ColDef<Row> {
  return {
    colId: SELECT,
    headerName: '',
    width: 44,
    minWidth: 44,
    maxWidth: 44,
    pinned: 'left',
    lockPosition: 'left',
    sortable: false,
    resizable: false,
    suppressMovable: true,
    headerComponent: () => <SelectPageBox selection={store} page={page} />,
    cellRenderer: ({ data }: { data?: Row }) =>
      data ? (
        <SelectBox selection={store} page={page} id={rowId(data)} name={nameOf(data)} />
      ) : null,
  };
}
