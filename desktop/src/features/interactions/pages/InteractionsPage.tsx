import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useSearch } from 'wouter';
import type { InteractionRow } from '../../../shared/api/types.ts';
import { ColumnChooser } from '../../../shared/list/ColumnChooser.tsx';
import { ExportButton } from '../../../shared/list/ExportButton.tsx';
import { FilterButton, FilterChips } from '../../../shared/list/FilterBar.tsx';
import { ListBody } from '../../../shared/list/ListBody.tsx';
import { ListSearch } from '../../../shared/list/ListSearch.tsx';
import { layoutFrom } from '../../../shared/list/layout.ts';
import styles from '../../../shared/list/list.module.css';
import {
  type Filter,
  type ListQuery,
  readQuery,
  viewText,
  writeQuery,
} from '../../../shared/list/listQuery.ts';
import { QuickFilters } from '../../../shared/list/QuickFilters.tsx';
import { useColumns } from '../../../shared/list/useColumns.ts';
import { ViewsMenu } from '../../../shared/list/ViewsMenu.tsx';
import { useLeads } from '../../people/rights.ts';
import { useInteractionColumns } from '../list/useInteractionColumns.tsx';
import { useInteractionList } from '../list/useInteractionList.ts';
import { interactionPath, LIST_PATH, NEWEST } from '../paths.ts';

const QUICK = [
  { label: 'interactions.mine', filter: { field: 'agent_id', operator: 'eq', value: 'me' } },
  {
    label: 'interactions.in_progress',
    filter: { field: 'state', operator: 'eq', value: 'in_progress' },
  },
  {
    label: 'interactions.missed',
    filter: { field: 'result', operator: 'in', value: 'abandoned,not_accepted' },
  },
  {
    label: 'interactions.unknown',
    filter: { field: 'customer_name', operator: 'empty', value: 'true' },
  },
] as const satisfies { label: string; filter: Filter }[];

/** Every interaction with every customer: search, sort, filter, page, export (product.md 3.2). */
export function InteractionsPage() {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const address = useSearch();
  const query = useMemo(() => readQuery(address, NEWEST), [address]);
  const [typed, setTyped] = useState(query.q);
  const list = useInteractionList(query);
  const leads = useLeads();
  const columns = useInteractionColumns();
  const { layout, setLayout, defs, onMove, onResize } = useColumns('interactions', columns);

  const go = (change: Partial<ListQuery>) => {
    const next = writeQuery({ ...query, page: 1, ...change }, NEWEST);
    navigate(next ? `${LIST_PATH}?${next}` : LIST_PATH, { replace: 'q' in change });
  };

  return (
    <main className={styles.page}>
      <div className={styles.toolbar}>
        <h1>{t('section.interactions')}</h1>
        <ListSearch
          label={t('interactions.search')}
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
          list="interactions"
          query={viewText(query, NEWEST)}
          layout={layout}
          onUse={(view) => {
            setTyped(readQuery(view.query).q);
            if (view.layout) setLayout(layoutFrom(view.layout));
            navigate(view.query ? `${LIST_PATH}?${view.query}` : LIST_PATH);
          }}
        />
        <ColumnChooser columns={columns} layout={layout} onLayout={setLayout} />
        <span className={styles.spacer} />
        {leads && <ExportButton path="/interactions" query={query} />}
      </div>
      <FilterChips
        columns={columns}
        filters={query.filters}
        onFilters={(filters) => go({ filters })}
      />
      <ListBody
        label={t('section.interactions')}
        list={list}
        columns={defs}
        query={query}
        question={address}
        empty={{ title: t('interactions.empty'), text: t('interactions.emptyText') }}
        none={{ title: t('interactions.noneFound'), text: t('interactions.noneFoundText') }}
        onOpen={(row: InteractionRow) => navigate(interactionPath(row))}
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
