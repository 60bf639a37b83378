import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useSearch } from 'wouter';
import type { AuditEntry } from '../../../shared/api/types.ts';
import type { Sort } from '../../../shared/grid/sort.ts';
import { ColumnChooser } from '../../../shared/list/ColumnChooser.tsx';
import { ExportButton } from '../../../shared/list/ExportButton.tsx';
import { FilterButton, FilterChips } from '../../../shared/list/FilterBar.tsx';
import { ListBody } from '../../../shared/list/ListBody.tsx';
import { ListSearch } from '../../../shared/list/ListSearch.tsx';
import styles from '../../../shared/list/list.module.css';
import { type ListQuery, readQuery, writeQuery } from '../../../shared/list/listQuery.ts';
import { useColumns } from '../../../shared/list/useColumns.ts';
import { useAuditColumns } from '../auditColumns.tsx';
import { EntryDialog } from '../components/EntryDialog.tsx';
import { useAuditList } from '../useAuditList.ts';

const PATH = '/administration/audit';
const NEWEST: Sort[] = [{ column: 'at', descending: true }];

/** Who changed or read what: search, filter, page, export; Enter shows an entry whole. */
export function AuditPage() {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const address = useSearch();
  const query = useMemo(() => readQuery(address, NEWEST), [address]);
  const [typed, setTyped] = useState(query.q);
  const [open, setOpen] = useState<AuditEntry | null>(null);
  const list = useAuditList(query);
  const columns = useAuditColumns();
  const { layout, setLayout, defs, onMove, onResize } = useColumns('audit', columns);

  const go = (change: Partial<ListQuery>) => {
    const next = writeQuery({ ...query, page: 1, ...change }, NEWEST);
    navigate(next ? `${PATH}?${next}` : PATH, { replace: 'q' in change });
  };

  return (
    <main className={styles.page}>
      <div className={styles.toolbar}>
        <h1>{t('audit.title')}</h1>
        <ListSearch
          label={t('audit.search')}
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
        <ExportButton path="/audit" query={query} />
      </div>
      <FilterChips
        columns={columns}
        filters={query.filters}
        onFilters={(filters) => go({ filters })}
      />
      <ListBody
        label={t('audit.title')}
        list={list}
        columns={defs}
        query={query}
        question={address}
        empty={{ title: t('audit.none'), text: t('audit.noneText') }}
        none={{ title: t('audit.noneFound'), text: t('audit.noneFoundText') }}
        onOpen={setOpen}
        onAsk={go}
        onShowAll={() => {
          setTyped('');
          go({ q: '', filters: [] });
        }}
        onMove={onMove}
        onResize={onResize}
      />
      {open && <EntryDialog entry={open} onClose={() => setOpen(null)} />}
    </main>
  );
}
