import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useSearch } from 'wouter';
import type { Tombstone } from '../../../shared/api/types.ts';
import { DataGrid } from '../../../shared/grid/DataGrid.tsx';
import type { Sort } from '../../../shared/grid/sort.ts';
import { ColumnChooser } from '../../../shared/list/ColumnChooser.tsx';
import { ExportButton } from '../../../shared/list/ExportButton.tsx';
import { FilterButton, FilterChips } from '../../../shared/list/FilterBar.tsx';
import { ListSearch } from '../../../shared/list/ListSearch.tsx';
import styles from '../../../shared/list/list.module.css';
import { type ListQuery, readQuery, writeQuery } from '../../../shared/list/listQuery.ts';
import { Pager } from '../../../shared/list/Pager.tsx';
import { useColumns } from '../../../shared/list/useColumns.ts';
import { EmptyState } from '../../../shared/ui/EmptyState.tsx';
import { ProblemNote } from '../../../shared/ui/ProblemNote.tsx';
import { Waiting } from '../../../shared/ui/Waiting.tsx';
import { useErasureColumns, useErasures } from '../privacy/useErasures.tsx';

const PATH = '/administration/erasures';
const NEWEST: Sort[] = [{ column: 'at', descending: true }];

const rowId = (row: Tombstone) => row.id;

/** Who was erased when, by whom and why: numbers, no names; Enter shows what is left (product.md 1.9). */
export function ErasuresPage() {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const address = useSearch();
  const query = useMemo(() => readQuery(address, NEWEST), [address]);
  const [typed, setTyped] = useState(query.q);
  const list = useErasures(query);
  const columns = useErasureColumns();
  const { layout, setLayout, defs, onMove, onResize } = useColumns('erasures', columns);
  const rows = list.data?.items;
  const narrowed = query.q !== '' || query.filters.length > 0;

  const go = (change: Partial<ListQuery>) => {
    const next = writeQuery({ ...query, page: 1, ...change }, NEWEST);
    navigate(next ? `${PATH}?${next}` : PATH, { replace: 'q' in change });
  };

  return (
    <main className={styles.page}>
      <div className={styles.toolbar}>
        <h1>{t('erasures.title')}</h1>
        <ListSearch
          label={t('erasures.search')}
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
        <ExportButton path="/customer-erasures" query={query} />
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
        {rows?.length === 0 && (
          <EmptyState
            title={narrowed ? t('erasures.noneFound') : t('erasures.none')}
            text={narrowed ? t('erasures.noneFoundText') : t('erasures.noneText')}
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
        {rows && rows.length > 0 && (
          <DataGrid
            label={t('erasures.title')}
            columns={defs}
            rows={rows}
            rowId={rowId}
            sort={query.sort}
            onSort={(sort) => go({ sort })}
            onOpen={(row: Tombstone) => navigate(`/desk/customers/${row.customer_id}`)}
            busy={list.isPlaceholderData}
            question={address}
            onMove={onMove}
            onResize={onResize}
          />
        )}
      </div>
      {list.data && (
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
