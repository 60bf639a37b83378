import { useMemo, useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import type { ApiProblem } from '../api/problem.ts';
import type { Page } from '../api/types.ts';
import type { Sort } from '../grid/sort.ts';
import { ColumnChooser } from './ColumnChooser.tsx';
import type { ListColumn } from './columns.ts';
import { ExportButton } from './ExportButton.tsx';
import { FilterButton, FilterChips } from './FilterBar.tsx';
import { ListBody } from './ListBody.tsx';
import { ListSearch } from './ListSearch.tsx';
import styles from './list.module.css';
import { type ListQuery, readQuery, writeQuery } from './listQuery.ts';
import { useColumns } from './useColumns.ts';

const NEWEST: Sort[] = [{ column: 'at', descending: true }];

interface Props<Row> {
  /** The address of the page; `source` is where the rows come from, and their export. */
  path: string;
  source: string;
  /** What the layout of its columns is remembered under. */
  name: string;
  title: string;
  search: string;
  /** What stands there when there is nothing at all, and when nothing fits. */
  empty: { title: string; text: string };
  none: { title: string; text: string };
  columns: ListColumn<Row>[];
  useRows: (query: ListQuery) => {
    data: Page<Row> | undefined;
    error: ApiProblem | null;
    isPlaceholderData: boolean;
    refetch: () => unknown;
  };
  onOpen: (row: Row) => void;
}

/** A list of what happened, newest first, that nobody edits: search, filter, page, export. */
export function ListPage<Row extends { id: string }>(props: Props<Row>) {
  const { path, source, name, title, columns, useRows } = props;
  const [, navigate] = useLocation();
  const address = useSearch();
  const query = useMemo(() => readQuery(address, NEWEST), [address]);
  const [typed, setTyped] = useState(query.q);
  const list = useRows(query);
  const { layout, setLayout, defs, onMove, onResize } = useColumns(name, columns);

  const go = (change: Partial<ListQuery>) => {
    const next = writeQuery({ ...query, page: 1, ...change }, NEWEST);
    navigate(next ? `${path}?${next}` : path, { replace: 'q' in change });
  };

  return (
    <main className={styles.page}>
      <div className={styles.toolbar}>
        <h1>{title}</h1>
        <ListSearch
          label={props.search}
          q={query.q}
          typed={typed}
          onType={setTyped}
          onAsk={(q) => go({ q })}
        />
        <FilterButton
          columns={columns}
          filters={query.filters}
          onFilters={(filters) => go({ filters })}
        />
        <ColumnChooser columns={columns} layout={layout} onLayout={setLayout} />
        <span className={styles.spacer} />
        <ExportButton path={source} query={query} />
      </div>
      <FilterChips
        columns={columns}
        filters={query.filters}
        onFilters={(filters) => go({ filters })}
      />
      <ListBody
        label={title}
        list={list}
        columns={defs}
        query={query}
        question={address}
        empty={props.empty}
        none={props.none}
        onOpen={props.onOpen}
        onAsk={go}
        onShowAll={() => {
          setTyped('');
          go({ q: '', filters: [] });
        }}
        onMove={onMove}
        onResize={onResize}
      />
    </main>
  );
}
