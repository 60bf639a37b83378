import { Button } from '@mantine/core';
import type { ColDef } from 'ag-grid-community';
import { useTranslation } from 'react-i18next';
import type { ApiProblem } from '../api/problem.ts';
import type { Page } from '../api/types.ts';
import { DataGrid } from '../grid/DataGrid.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { Waiting } from '../ui/Waiting.tsx';
import styles from './list.module.css';
import type { ListQuery } from './listQuery.ts';
import { Pager } from './Pager.tsx';
import type { SelectionStore } from './selection.ts';

interface Props<Row> {
  label: string;
  list: {
    data: Page<Row> | undefined;
    error: ApiProblem | null;
    isPlaceholderData: boolean;
    refetch: () => unknown;
  };
  columns: ColDef<Row>[];
  query: ListQuery;
  /** The address, which changes with every question. */
  question: string;
  /** What stands there when there is nothing at all, and when nothing fits. */
  empty: { title: string; text: string };
  none: { title: string; text: string };
  onOpen: (row: Row) => void;
  onAsk: (change: Partial<ListQuery>) => void;
  /** Takes every filter and word away. */
  onShowAll: () => void;
  onMove: (keys: string[]) => void;
  onResize: (key: string, width: number) => void;
  /** Where rows can be ticked. */
  selection?: { store: SelectionStore; nameOf: (row: Row) => string } | undefined;
}

const rowId = ({ id }: { id: string }) => id;

/** A list below its toolbar: the grid and its pages, or what keeps it from being shown. */
export function ListBody<Row extends { id: string }>(props: Props<Row>) {
  const { label, list, columns, query, question, empty, none, onAsk } = props;
  const { t } = useTranslation();
  const rows = list.data?.items;
  const narrowed = query.q !== '' || query.filters.length > 0;
  const nothing = narrowed ? none : empty;
  const pastEnd = query.page > 1 && (list.data?.total ?? 0) > 0;
  return (
    <>
      <div className={styles.body}>
        {list.error && (
          <div className={styles.note}>
            <ProblemNote problem={list.error} onRetry={() => void list.refetch()} />
          </div>
        )}
        {!list.error && !rows && <Waiting lines={12} label={t('list.loading')} />}
        {rows?.length === 0 && pastEnd && (
          <EmptyState title={t('list.pastEnd')}>
            <Button variant="default" mt={8} onClick={() => onAsk({})}>
              {t('list.firstPage')}
            </Button>
          </EmptyState>
        )}
        {rows?.length === 0 && !pastEnd && (
          <EmptyState title={nothing.title} text={nothing.text}>
            {narrowed && (
              <Button variant="default" mt={8} onClick={props.onShowAll}>
                {t('list.showAll')}
              </Button>
            )}
          </EmptyState>
        )}
        {rows && rows.length > 0 && (
          <DataGrid<Row>
            label={label}
            columns={columns}
            rows={rows}
            rowId={rowId}
            sort={query.sort}
            onSort={(sort) => onAsk({ sort })}
            onOpen={props.onOpen}
            busy={list.isPlaceholderData}
            question={question}
            onMove={props.onMove}
            onResize={props.onResize}
            {...(props.selection && { selection: props.selection })}
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
          onPage={(page) => onAsk({ page })}
          onPageSize={(pageSize) => onAsk({ pageSize })}
        />
      )}
    </>
  );
}
