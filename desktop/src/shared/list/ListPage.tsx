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
import { layoutFrom } from './layout.ts';
import styles from './list.module.css';
import { type ListQuery, readQuery, viewText, writeQuery } from './listQuery.ts';
import { type QuickFilter, QuickFilters } from './QuickFilters.tsx';
import { useColumns } from './useColumns.ts';
import { ViewsMenu } from './ViewsMenu.tsx';

const LATEST: Sort[] = [{ column: 'at', descending: true }];

interface Props<Row> {
  /** The address of the page; `source` is where the rows come from, and their export; null: not for this person. */
  path: string;
  source: string | null;
  /** What the layout of its columns and views of it are kept under. */
  name: string;
  /** The order that it has by itself. */
  newest?: Sort[];
  /** What one looks for most. */
  quick?: readonly QuickFilter[];
  /** Whether views of it are saved. */
  views?: boolean;
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

/** A list of what happened, newest first, that nobody edits there: search, filter, page, export. */
export function ListPage<Row extends { id: string }>(props: Props<Row>) {
  const { path, source, name, title, columns, useRows, newest = LATEST } = props;
  const [, navigate] = useLocation();
  const address = useSearch();
  const query = useMemo(() => readQuery(address, newest), [address, newest]);
  const [typed, setTyped] = useState(query.q);
  const list = useRows(query);
  const { layout, setLayout, defs, onMove, onResize } = useColumns(name, columns);

  const go = (change: Partial<ListQuery>) => {
    const next = writeQuery({ ...query, page: 1, ...change }, newest);
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
        {props.quick && (
          <QuickFilters
            quick={props.quick}
            filters={query.filters}
            onFilters={(filters) => go({ filters })}
          />
        )}
        <FilterButton
          columns={columns}
          filters={query.filters}
          onFilters={(filters) => go({ filters })}
        />
        {props.views && (
          <ViewsMenu
            list={name}
            query={viewText(query, newest)}
            layout={layout}
            onUse={(view) => {
              setTyped(readQuery(view.query).q);
              if (view.layout) setLayout(layoutFrom(view.layout));
              navigate(view.query ? `${path}?${view.query}` : path);
            }}
          />
        )}
        <ColumnChooser columns={columns} layout={layout} onLayout={setLayout} />
        <span className={styles.spacer} />
        {source && <ExportButton path={source} query={query} />}
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
