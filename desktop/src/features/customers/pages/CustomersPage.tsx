import { Button, CloseButton, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconArrowMerge, IconPlus, IconSearch, IconUpload } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation, useSearch } from 'wouter';
import type { CustomerRow } from '../../../shared/api/types.ts';
import { DataGrid } from '../../../shared/grid/DataGrid.tsx';
import { runCommand, useCommand } from '../../../shared/keys/useCommand.ts';
import { EmptyState } from '../../../shared/ui/EmptyState.tsx';
import { reportProblem } from '../../../shared/ui/notices.ts';
import { ProblemNote } from '../../../shared/ui/ProblemNote.tsx';
import { Waiting } from '../../../shared/ui/Waiting.tsx';
import { openCustomer } from '../../desk/actions.ts';
import { customerPath, draftPath } from '../../desk/selection.ts';
import { useMayImport } from '../../people/rights.ts';
import { startDraft } from '../drafts.ts';
import { columnDefs, columnOf } from '../list/columns.tsx';
import { FilterForm } from '../list/FilterForm.tsx';
import styles from '../list/list.module.css';
import { type Filter, type ListQuery, readQuery, writeQuery } from '../list/listQuery.ts';
import { Pager } from '../list/Pager.tsx';
import { useCustomerList, useLiveRows } from '../list/useCustomerList.ts';

// A search for every key would be thrown away by the next one; people type a key every 100 to 200 ms.
const TYPING_PAUSE_MS = 200;

function FilterChip({ filter, onRemove }: { filter: Filter; onRemove(): void }) {
  const { t } = useTranslation();
  const column = columnOf(filter.field);
  const name = column ? t(column.label) : filter.field;
  const operator = t(`list.op.${filter.operator}`, { defaultValue: filter.operator });
  return (
    <span className={styles.chip}>
      <span>
        {name} {operator} {filter.operator !== 'empty' && <b>{filter.value}</b>}
      </span>
      <CloseButton
        size={24}
        iconSize={14}
        aria-label={t('list.removeFilter', { name })}
        onClick={onRemove}
      />
    </span>
  );
}

interface NoRowsProps {
  query: ListQuery;
  total: number;
  onFirst(): void;
  onAll(): void;
}

/** Why there is nothing to show, and the way to where there is something. */
function NoRows({ query, total, onFirst, onAll }: NoRowsProps) {
  const { t } = useTranslation();
  if (query.page > 1 && total > 0) {
    return (
      <EmptyState title={t('list.pastEnd')}>
        <Button variant="default" mt={8} onClick={onFirst}>
          {t('list.firstPage')}
        </Button>
      </EmptyState>
    );
  }
  if (query.q === '' && query.filters.length === 0) {
    return <EmptyState title={t('list.empty')} text={t('list.emptyText')} />;
  }
  return (
    <EmptyState title={t('list.noneFound')} text={t('list.noneFoundText')}>
      <Button variant="default" mt={8} onClick={onAll}>
        {t('list.showAll')}
      </Button>
    </EmptyState>
  );
}

/** Every customer: search, sort by any column, filter, page; Enter opens one on the desk (product.md 1.6). */
export function CustomersPage() {
  const { t, i18n } = useTranslation();
  const [, navigate] = useLocation();
  const address = useSearch();
  const query = useMemo(() => readQuery(address), [address]);
  const [typed, setTyped] = useState(query.q);
  const search = useRef<HTMLInputElement>(null);
  const list = useCustomerList(query);
  const mayImport = useMayImport();
  useLiveRows();
  useCommand('go.search', () => search.current?.select());
  // Going back and forth brings other words; those being typed now are not taken away.
  useEffect(() => {
    if (document.activeElement !== search.current) setTyped(query.q);
  }, [query.q]);

  const ask = (change: Partial<ListQuery>) => {
    const next = writeQuery({ ...query, page: 1, ...change });
    navigate(next ? `/customers?${next}` : '/customers', { replace: 'q' in change });
  };
  const askSoon = useDebouncedCallback((q: string) => ask({ q }), TYPING_PAUSE_MS);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the headings hang on the language
  const columns = useMemo(() => columnDefs(t), [t, i18n.language]);
  const open = (row: CustomerRow) => {
    openCustomer(row.id).catch(reportProblem('notice.notOpened'));
    navigate(customerPath(row.id));
  };
  const create = () => navigate(draftPath(startDraft()));
  useCommand('customer.new', create);
  const rows = list.data?.items;

  return (
    <main className={styles.page}>
      <div className={styles.toolbar}>
        <h1>{t('section.customers')}</h1>
        <TextInput
          ref={search}
          className={styles.search ?? ''}
          type="search"
          aria-label={t('list.search')}
          placeholder={t('list.search')}
          leftSection={<IconSearch size={14} aria-hidden />}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            askSoon(event.currentTarget.value);
          }}
          onKeyDown={(event) => {
            if (event.nativeEvent.isComposing || event.key !== 'ArrowDown') return;
            event.preventDefault();
            runCommand('list.next');
          }}
        />
        <FilterForm onAdd={(filter) => ask({ filters: [...query.filters, filter] })} />
        <span className={styles.spacer} />
        <Button
          component={Link}
          href="/customers/duplicates"
          variant="default"
          leftSection={<IconArrowMerge size={14} aria-hidden />}
        >
          {t('duplicates.title')}
        </Button>
        {mayImport && (
          <Button
            component={Link}
            href="/customers/import"
            variant="default"
            leftSection={<IconUpload size={14} aria-hidden />}
          >
            {t('list.import')}
          </Button>
        )}
        <Button leftSection={<IconPlus size={14} aria-hidden />} onClick={create}>
          {t('command.newCustomer')}
        </Button>
      </div>
      {query.filters.length > 0 && (
        <div className={styles.chips}>
          {query.filters.map((filter, place) => (
            <FilterChip
              key={`${filter.field}.${filter.operator}=${filter.value}`}
              filter={filter}
              onRemove={() => ask({ filters: query.filters.toSpliced(place, 1) })}
            />
          ))}
        </div>
      )}
      <div className={styles.body}>
        {list.error && (
          <div className={styles.note}>
            <ProblemNote problem={list.error} onRetry={() => void list.refetch()} />
          </div>
        )}
        {!list.error && !rows && <Waiting lines={12} label={t('list.loading')} />}
        {rows?.length === 0 && (
          <NoRows
            query={query}
            total={list.data?.total ?? 0}
            onFirst={() => ask({})}
            onAll={() => {
              setTyped('');
              ask({ q: '', filters: [] });
            }}
          />
        )}
        {rows && rows.length > 0 && (
          <DataGrid
            label={t('section.customers')}
            columns={columns}
            rows={rows}
            rowId={(row) => row.id}
            sort={query.sort}
            onSort={(sort) => ask({ sort })}
            onOpen={open}
            busy={list.isPlaceholderData}
            question={address}
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
          onPage={(page) => ask({ page })}
          onPageSize={(pageSize) => ask({ pageSize })}
        />
      )}
    </main>
  );
}
