import { SegmentedControl } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useSearch } from 'wouter';
import { ColumnChooser } from '../../../shared/list/ColumnChooser.tsx';
import { ExportButton } from '../../../shared/list/ExportButton.tsx';
import { FilterButton, FilterChips } from '../../../shared/list/FilterBar.tsx';
import { ListBody } from '../../../shared/list/ListBody.tsx';
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
import { QuickFilters } from '../../../shared/list/QuickFilters.tsx';
import { useColumns } from '../../../shared/list/useColumns.ts';
import { ViewsMenu } from '../../../shared/list/ViewsMenu.tsx';
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
        <QuickFilters
          quick={QUICK.map(({ label, filter }) => ({ label: t(label), filter }))}
          filters={query.filters}
          onFilters={(filters) => go({ filters })}
        />
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
      {by ? (
        <div className={styles.body}>
          {list.error && (
            <div className={styles.note}>
              <ProblemNote problem={list.error} onRetry={() => void list.refetch()} />
            </div>
          )}
          {!list.error && !rows && <Waiting lines={12} label={t('list.loading')} />}
          {rows && (list.data?.total ?? 0) > rows.length && (
            <p className={styles.note}>
              {t('requests.boardCut', { shown: rows.length, total: list.data?.total ?? 0 })}
            </p>
          )}
          {rows && <Board requests={rows} schema={schema.data} by={by} />}
        </div>
      ) : (
        <ListBody
          label={t('section.requests')}
          list={list}
          columns={defs}
          query={query}
          question={address}
          empty={{ title: t('requests.empty'), text: t('requests.emptyText') }}
          none={{ title: t('requests.noneFound'), text: t('requests.noneFoundText') }}
          onOpen={(row) => navigate(`/requests/${row.id}`)}
          onAsk={go}
          onShowAll={() => {
            setTyped('');
            go({ q: '', filters: [] });
          }}
          onMove={onMove}
          onResize={onResize}
        />
      )}
    </main>
  );
}
