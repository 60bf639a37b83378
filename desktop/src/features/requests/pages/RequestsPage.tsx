import { Button, SegmentedControl } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useSearch } from 'wouter';
import type { Request } from '../../../shared/api/types.ts';
import { DataGrid } from '../../../shared/grid/DataGrid.tsx';
import { ColumnChooser } from '../../../shared/list/ColumnChooser.tsx';
import { ExportButton } from '../../../shared/list/ExportButton.tsx';
import { FilterButton, FilterChips } from '../../../shared/list/FilterBar.tsx';
import { ListSearch } from '../../../shared/list/ListSearch.tsx';
import { layoutFrom } from '../../../shared/list/layout.ts';
import styles from '../../../shared/list/list.module.css';
import {
  type Filter,
  readQuery,
  sortText,
  viewText,
  writeQuery,
} from '../../../shared/list/listQuery.ts';
import { Pager } from '../../../shared/list/Pager.tsx';
import { useColumns } from '../../../shared/list/useColumns.ts';
import { ViewsMenu } from '../../../shared/list/ViewsMenu.tsx';
import { EmptyState } from '../../../shared/ui/EmptyState.tsx';
import { ProblemNote } from '../../../shared/ui/ProblemNote.tsx';
import { Waiting } from '../../../shared/ui/Waiting.tsx';
import { useLeads } from '../../people/rights.ts';
import { useRequestSchema } from '../api.ts';
import { Board, GROUPINGS, type Grouping } from '../components/Board.tsx';
import { useRequestColumns } from '../requestColumns.tsx';
import { useRequestList } from '../useRequestList.ts';

// What a board shows at once; beyond that it is no picture any more.
const ON_BOARD = 200;

/** What one looks for most, each a filter of one click. */
const QUICK = [
  { label: 'requests.mine', filter: { field: 'owner_id', operator: 'eq', value: 'me' } },
  { label: 'requests.active', filter: { field: 'status', operator: 'eq', value: 'active' } },
  { label: 'requests.overdue', filter: { field: 'overdue', operator: 'eq', value: 'true' } },
  { label: 'requests.unowned', filter: { field: 'owner_id', operator: 'empty', value: 'true' } },
] as const satisfies { label: string; filter: Filter }[];

function same(a: Filter, b: Filter): boolean {
  return a.field === b.field && a.operator === b.operator && a.value === b.value;
}

/** Every request: search, sort, filter, page; or the active ones on a board (product.md 2.6). */
export function RequestsPage() {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const address = useSearch();
  const query = useMemo(() => readQuery(address), [address]);
  const view = new URLSearchParams(address).get('board');
  const by = GROUPINGS.find((one) => one === view) ?? null;
  const [typed, setTyped] = useState(query.q);
  const schema = useRequestSchema();
  const asked: Record<string, string | number> = by
    ? { sort: 'due_on,-priority', page: 1, page_size: ON_BOARD, 'status.eq': 'active' }
    : { sort: sortText(query.sort), page: query.page, page_size: query.pageSize };
  if (query.q.trim()) asked.q = query.q.trim();
  for (const { field, operator, value } of query.filters) asked[`${field}.${operator}`] ??= value;
  const list = useRequestList(asked);

  const go = (change: Partial<typeof query>, board: Grouping | null = by) => {
    const text = writeQuery({ ...query, page: 1, ...change });
    const next = [text, board && `board=${board}`].filter(Boolean).join('&');
    navigate(next ? `/requests?${next}` : '/requests', { replace: 'q' in change });
  };
  const leads = useLeads();
  const columns = useRequestColumns();
  const { layout, setLayout, defs, onMove, onResize } = useColumns('requests', columns);
  const rows = list.data?.items;
  const narrowed = query.q !== '' || query.filters.length > 0;

  return (
    <main className={styles.page}>
      <div className={styles.toolbar}>
        <h1>{t('section.requests')}</h1>
        <ListSearch
          label={t('requests.search')}
          q={query.q}
          typed={typed}
          onType={setTyped}
          onAsk={(q) => go({ q })}
        />
        <Button.Group>
          {QUICK.map(({ label, filter }) => {
            const on = query.filters.some((one) => same(one, filter));
            return (
              <Button
                key={label}
                variant={on ? 'light' : 'default'}
                aria-pressed={on}
                onClick={() =>
                  go({
                    filters: on
                      ? query.filters.filter((one) => !same(one, filter))
                      : [...query.filters.filter((one) => one.field !== filter.field), filter],
                  })
                }
              >
                {t(label)}
              </Button>
            );
          })}
        </Button.Group>
        <FilterButton
          columns={columns}
          filters={query.filters}
          onFilters={(filters) => go({ filters })}
        />
        <ViewsMenu
          list="requests"
          query={viewText(query)}
          layout={layout}
          onUse={(view) => {
            setTyped(readQuery(view.query).q);
            if (view.layout) setLayout(layoutFrom(view.layout));
            navigate(view.query ? `/requests?${view.query}` : '/requests');
          }}
        />
        {!by && <ColumnChooser columns={columns} layout={layout} onLayout={setLayout} />}
        <span className={styles.spacer} />
        {leads && <ExportButton path="/requests" query={query} />}
        <SegmentedControl
          size="xs"
          aria-label={t('requests.view')}
          value={by ?? 'list'}
          onChange={(value) => go({}, GROUPINGS.find((one) => one === value) ?? null)}
          data={[
            { value: 'list', label: t('requests.list') },
            ...GROUPINGS.map((one) => ({ value: one, label: t(`requests.board.${one}`) })),
          ]}
        />
      </div>
      <FilterChips
        columns={columns}
        filters={query.filters}
        onFilters={(filters) => go({ filters })}
      />
      <div className={styles.body}>
        {list.error && (
          <div className={styles.note}>
            <ProblemNote problem={list.error} onRetry={() => void list.refetch()} />
          </div>
        )}
        {!list.error && !rows && <Waiting lines={12} label={t('list.loading')} />}
        {rows?.length === 0 && !by && (
          <EmptyState
            title={narrowed ? t('requests.noneFound') : t('requests.empty')}
            text={narrowed ? t('requests.noneFoundText') : t('requests.emptyText')}
          >
            {narrowed && (
              <Button
                variant="default"
                mt={8}
                onClick={() => {
                  setTyped('');
                  go({ q: '', filters: [] });
                }}
              >
                {t('list.showAll')}
              </Button>
            )}
          </EmptyState>
        )}
        {rows && by && (
          <>
            {(list.data?.total ?? 0) > rows.length && (
              <p className={styles.note}>
                {t('requests.boardCut', { shown: rows.length, total: list.data?.total ?? 0 })}
              </p>
            )}
            <Board requests={rows} schema={schema.data} by={by} />
          </>
        )}
        {rows && rows.length > 0 && !by && (
          <DataGrid
            label={t('section.requests')}
            columns={defs}
            rows={rows}
            rowId={(row: Request) => row.id}
            sort={query.sort}
            onSort={(sort) => go({ sort })}
            onOpen={(row: Request) => navigate(`/requests/${row.id}`)}
            busy={list.isPlaceholderData}
            question={address}
            onMove={onMove}
            onResize={onResize}
          />
        )}
      </div>
      {list.data && !by && (
        <Pager
          page={query.page}
          pageSize={query.pageSize}
          shown={list.data.items.length}
          total={list.data.total}
          estimated={list.data.total_is_estimate}
          onPage={(page) => go({ page })}
          onPageSize={(pageSize) => go({ pageSize })}
        />
      )}
    </main>
  );
}
