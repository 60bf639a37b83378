import { Button } from '@mantine/core';
import { IconArrowMerge, IconPencil, IconPlus, IconUpload } from '@tabler/icons-react';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation, useSearch } from 'wouter';
import type { CustomerRow } from '../../../shared/api/types.ts';
import { useCommand } from '../../../shared/keys/useCommand.ts';
import { ColumnChooser } from '../../../shared/list/ColumnChooser.tsx';
import { ExportButton } from '../../../shared/list/ExportButton.tsx';
import { FilterButton, FilterChips } from '../../../shared/list/FilterBar.tsx';
import { ListBody } from '../../../shared/list/ListBody.tsx';
import { ListSearch } from '../../../shared/list/ListSearch.tsx';
import { layoutFrom } from '../../../shared/list/layout.ts';
import styles from '../../../shared/list/list.module.css';
import {
  type ListQuery,
  parametersOf,
  readQuery,
  viewText,
  writeQuery,
} from '../../../shared/list/listQuery.ts';
import { SelectionBar } from '../../../shared/list/SelectionBar.tsx';
import { createSelection, NOTHING } from '../../../shared/list/selection.ts';
import { useColumns } from '../../../shared/list/useColumns.ts';
import { ViewsMenu } from '../../../shared/list/ViewsMenu.tsx';
import { useStore } from '../../../shared/store/store.ts';
import { reportProblem } from '../../../shared/ui/notices.ts';
import { openCustomer } from '../../desk/actions.ts';
import { customerPath, draftPath } from '../../desk/selection.ts';
import { usePart } from '../../people/parts.ts';
import { useLeads } from '../../people/rights.ts';
import { startDraft } from '../drafts.ts';
import { BulkEditDialog } from '../list/BulkEditDialog.tsx';
import { BulkEdits } from '../list/BulkEdits.tsx';
import { useCustomerColumns } from '../list/columns.tsx';
import { useImportFilter } from '../list/importColumn.ts';
import { useCustomerList, useLiveRows } from '../list/useCustomerList.ts';
import { mergePath } from '../merging/paths.ts';

/** The list without its page and order: what a selection of everything that matches stands for. */
function questionOf(query: ListQuery): string {
  const params = parametersOf({ ...query, page: 1 });
  for (const name of ['page', 'page_size', 'sort']) params.delete(name);
  return params.toString();
}

const rowId = (row: CustomerRow) => row.id;
const nameOf = (row: CustomerRow) => row.display_name;

/** Every customer: search, sort by any columns, filter, select, page; Enter opens one on the desk (product.md 1.6). */
export function CustomersPage() {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const address = useSearch();
  const query = useMemo(() => readQuery(address), [address]);
  const [typed, setTyped] = useState(query.q);
  const list = useCustomerList(query);
  const leads = useLeads();
  const merges = usePart('merging');
  const columns = useCustomerColumns();
  const filtered = [...columns, useImportFilter(leads)];
  const { layout, setLayout, placed, defs, onMove, onResize } = useColumns('customers', columns);
  const [selection] = useState(createSelection);
  const selected = useStore(selection, (known) => known);
  const [editing, setEditing] = useState(false);
  useLiveRows();
  const question = questionOf(query);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was selected belongs to the question before
  useEffect(() => selection.set(NOTHING), [question]);

  const goTo = (next: string, replace = false) =>
    navigate(next ? `/customers?${next}` : '/customers', { replace });
  const ask = (change: Partial<ListQuery>) =>
    goTo(writeQuery({ ...query, page: 1, ...change }), 'q' in change);
  const open = (row: CustomerRow) => {
    openCustomer(row.id).catch(reportProblem('notice.notOpened'));
    navigate(customerPath(row.id));
  };
  const create = () => navigate(draftPath(startDraft()));
  useCommand('customer.new', create);
  const rows = list.data?.items;
  const page = rows?.map(rowId) ?? [];
  const [one, other, third] = selected.all ? [] : selected.ids;
  const pair = one && other && !third ? ([one, other] as const) : null;

  return (
    <main className={styles.page}>
      <div className={styles.toolbar}>
        <h1>{t('section.customers')}</h1>
        <ListSearch
          label={t('list.search')}
          q={query.q}
          typed={typed}
          onType={setTyped}
          onAsk={(q) => ask({ q })}
        />
        <FilterButton
          columns={filtered}
          filters={query.filters}
          onFilters={(filters) => ask({ filters })}
        />
        <ViewsMenu
          list="customers"
          query={viewText(query)}
          layout={layout}
          onUse={(view) => {
            setTyped(readQuery(view.query).q);
            if (view.layout) setLayout(layoutFrom(view.layout));
            goTo(view.query);
          }}
        />
        <ColumnChooser columns={columns} layout={layout} onLayout={setLayout} />
        <div className={styles.acts}>
          {merges && (
            <Button
              component={Link}
              href="/customers/duplicates"
              variant="default"
              leftSection={<IconArrowMerge size={14} aria-hidden />}
            >
              {t('duplicates.title')}
            </Button>
          )}
          {leads && (
            <>
              <ExportButton
                path="/customers"
                query={query}
                columns={placed.filter((one) => !one.hidden).map((one) => one.key)}
              />
              <Button
                component={Link}
                href="/customers/import"
                variant="default"
                leftSection={<IconUpload size={14} aria-hidden />}
              >
                {t('list.import')}
              </Button>
            </>
          )}
          <Button leftSection={<IconPlus size={14} aria-hidden />} onClick={create}>
            {t('command.newCustomer')}
          </Button>
        </div>
      </div>
      <FilterChips
        columns={filtered}
        filters={query.filters}
        onFilters={(filters) => ask({ filters })}
      />
      {leads && (
        <>
          <BulkEdits />
          <SelectionBar
            selection={selection}
            page={page}
            total={list.data?.total ?? 0}
            estimated={list.data?.total_is_estimate ?? false}
          >
            <Button
              leftSection={<IconPencil size={14} aria-hidden />}
              onClick={() => setEditing(true)}
            >
              {t('bulk.edit')}
            </Button>
            {merges && pair && (
              <Button
                component={Link}
                href={mergePath(...pair)}
                variant="default"
                leftSection={<IconArrowMerge size={14} aria-hidden />}
              >
                {t('merge.open')}
              </Button>
            )}
          </SelectionBar>
          {editing && (
            <BulkEditDialog
              ids={selected.all ? null : [...selected.ids]}
              query={question}
              onClose={() => setEditing(false)}
              onStarted={() => selection.set(NOTHING)}
            />
          )}
        </>
      )}
      <ListBody
        label={t('section.customers')}
        list={list}
        columns={defs}
        query={query}
        question={address}
        empty={{ title: t('list.empty'), text: t('list.emptyText') }}
        none={{ title: t('list.noneFound'), text: t('list.noneFoundText') }}
        onOpen={open}
        onAsk={ask}
        onShowAll={() => {
          setTyped('');
          ask({ q: '', filters: [] });
        }}
        onMove={onMove}
        onResize={onResize}
        selection={leads ? { store: selection, nameOf } : undefined}
      />
    </main>
  );
}
