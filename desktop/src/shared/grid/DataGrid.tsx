import {
  CellStyleModule,
  ClientSideRowModelModule,
  type ColDef,
  type GridApi,
  ModuleRegistry,
  RowApiModule,
  type SortChangedEvent,
  themeQuartz,
} from 'ag-grid-community';
import { AgGridReact } from 'ag-grid-react';
import { useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommand } from '../keys/useCommand.ts';
import styles from './DataGrid.module.css';

ModuleRegistry.registerModules([ClientSideRowModelModule, CellStyleModule, RowApiModule]);

// Colours come from our own variables, so that the grid follows light and dark without a second theme.
const theme = themeQuartz.withParams({
  fontFamily: 'inherit',
  fontSize: 13,
  headerFontSize: 12,
  headerFontWeight: 600,
  spacing: 6,
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

export interface Sort {
  column: string;
  descending: boolean;
}

interface Props<Row> {
  label: string;
  columns: ColDef<Row>[];
  rows: Row[];
  rowId(row: Row): string;
  sort: Sort[];
  onSort(sort: Sort[]): void;
  onOpen(row: Row): void;
  busy: boolean;
}

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
}: Props<Row>) {
  const { t } = useTranslation();
  const api = useRef<GridApi<Row> | null>(null);
  const columnDefs = useMemo(
    () =>
      columns.map((column): ColDef<Row> => {
        const place = sort.findIndex((one) => one.column === column.colId);
        const sorted = sort[place];
        return {
          ...column,
          // The order is the server's; the grid only shows which way a column is sorted.
          comparator: () => 0,
          sort: sorted ? (sorted.descending ? 'desc' : 'asc') : null,
          sortIndex: sorted ? place : null,
        };
      }),
    [columns, sort],
  );

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

  const sorted = (event: SortChangedEvent<Row>) => {
    if (event.source !== 'uiColumnSorted') return;
    const state = event.api
      .getColumnState()
      .filter((one) => one.sort)
      .sort((a, b) => (a.sortIndex ?? 0) - (b.sortIndex ?? 0));
    onSort(state.map((one) => ({ column: one.colId, descending: one.sort === 'desc' })));
  };

  return (
    <div className={styles.grid} aria-busy={busy}>
      <AgGridReact<Row>
        theme={theme}
        rowData={rows}
        columnDefs={columnDefs}
        defaultColDef={{ sortable: true, resizable: true, suppressMovable: false, minWidth: 80 }}
        getRowId={({ data }) => rowId(data)}
        onGridReady={(event) => {
          api.current = event.api;
          event.api.setGridAriaProperty('label', label);
        }}
        onSortChanged={sorted}
        onRowClicked={({ data }) => data && onOpen(data)}
        onCellKeyDown={({ event, data }) => {
          if (data && event instanceof KeyboardEvent && event.key === 'Enter') onOpen(data);
        }}
        multiSortKey="ctrl"
        suppressNoRowsOverlay
        suppressCellFocus={false}
        enableCellTextSelection={false}
        animateRows={false}
        suppressDragLeaveHidesColumns
        getLocaleText={({ key, defaultValue }) =>
          key.startsWith('aria') ? t('grid.sortable', { defaultValue }) : defaultValue
        }
      />
    </div>
  );
}
