import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ICellRendererParams } from 'ag-grid-community';
import { useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../../shared/api/client.ts';
import type { Page, Tombstone } from '../../../shared/api/types.ts';
import { exactTime } from '../../../shared/format/time.ts';
import type { ListColumn } from '../../../shared/list/columns.ts';
import { type ListQuery, parametersOf } from '../../../shared/list/listQuery.ts';
import { listenTo } from '../../../shared/live/live.ts';

type Cell = ICellRendererParams<Tombstone>;

/** One page of the erasures; the rows before it stay until it has come. A new erasure reloads it (api.ts). */
export function useErasures(query: ListQuery) {
  useEffect(() => listenTo('customers'), []);
  const parameters = parametersOf(query).toString();
  return useQuery({
    queryKey: ['erasures', parameters],
    queryFn: ({ signal }) =>
      api.get<Page<Tombstone>>(`/customer-erasures?${parameters}`, { signal }),
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
}

/** The columns of the list of erasures. */
export function useErasureColumns(): ListColumn<Tombstone>[] {
  const { t } = useTranslation();
  return useMemo(
    () => [
      {
        key: 'at',
        kind: 'instant',
        label: t('erasures.at'),
        width: 190,
        least: 180,
        pinned: true,
        cell: ({ data }: Cell) => data && <span className="rd-figures">{exactTime(data.at)}</span>,
      },
      {
        key: 'number',
        kind: 'number',
        label: t('erasures.number'),
        width: 130,
        least: 110,
        cell: ({ data }: Cell) => data && <span className="rd-figures">{data.number}</span>,
      },
      {
        key: 'by_name',
        kind: 'text',
        label: t('erasures.by'),
        width: 180,
        least: 120,
        cell: ({ data }: Cell) => data && <bdi title={data.by_name}>{data.by_name}</bdi>,
      },
      {
        key: 'reason',
        kind: 'text',
        label: t('erasures.reason'),
        width: 320,
        least: 160,
        cell: ({ data }: Cell) => data && <bdi title={data.reason}>{data.reason}</bdi>,
      },
      {
        key: 'finished_at',
        kind: 'instant',
        label: t('erasures.searched'),
        width: 190,
        least: 180,
        mayLack: true,
        cell: ({ data }: Cell) =>
          data &&
          (data.finished_at ? (
            <span className="rd-figures">{exactTime(data.finished_at)}</span>
          ) : (
            t('erasures.searching')
          )),
      },
    ],
    [t],
  );
}
