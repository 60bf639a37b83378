import type { ColDef, ICellRendererParams } from 'ag-grid-community';
import type { TFunction } from 'i18next';
import type { Request, RequestSchema } from '../../shared/api/types.ts';
import { RelativeTime } from '../../shared/ui/RelativeTime.tsx';
import { Due, PriorityMark } from './components/RequestFacts.tsx';
import { reference } from './look.ts';

type Cell = ICellRendererParams<Request>;

/** The columns of the list of requests, as the grid wants them. */
export function requestColumns(t: TFunction, schema: RequestSchema | undefined): ColDef<Request>[] {
  const typeOf = (key: string) => schema?.types.find((one) => one.key === key)?.label ?? key;
  return [
    {
      colId: 'number',
      headerName: t('request.number'),
      pinned: 'left',
      lockPosition: 'left',
      initialWidth: 110,
      minWidth: 100,
      sortingOrder: ['desc', 'asc'],
      cellRenderer: ({ data }: Cell) => (
        <span className="rd-figures">{data && reference(data.number)}</span>
      ),
    },
    {
      colId: 'title',
      headerName: t('request.title'),
      initialFlex: 260,
      minWidth: 180,
      cellRenderer: ({ data }: Cell) => <bdi title={data?.title}>{data?.title}</bdi>,
    },
    {
      colId: 'customer_name',
      headerName: t('request.customer'),
      initialFlex: 180,
      minWidth: 140,
      sortable: false,
      cellRenderer: ({ data }: Cell) => (
        <bdi title={data?.customer_name}>{data?.customer_name}</bdi>
      ),
    },
    {
      colId: 'type',
      headerName: t('request.type'),
      initialFlex: 120,
      minWidth: 100,
      cellRenderer: ({ data }: Cell) => <bdi>{data && typeOf(data.type)}</bdi>,
    },
    {
      colId: 'status',
      headerName: t('request.status'),
      initialFlex: 90,
      minWidth: 90,
      cellRenderer: ({ data }: Cell) =>
        data && (data.status === 'closed' ? t('request.closed') : t('request.active')),
    },
    {
      colId: 'priority',
      headerName: t('request.priority'),
      initialFlex: 100,
      minWidth: 96,
      sortingOrder: ['desc', 'asc'],
      cellRenderer: ({ data }: Cell) =>
        data &&
        (data.priority === 'high' || data.priority === 'urgent' ? (
          <PriorityMark request={data} />
        ) : (
          t(`priority.${data.priority}`)
        )),
    },
    {
      colId: 'due_on',
      headerName: t('request.due'),
      initialFlex: 150,
      minWidth: 130,
      cellRenderer: ({ data }: Cell) => data && <Due request={data} />,
    },
    {
      colId: 'owner_name',
      headerName: t('request.owner'),
      initialFlex: 120,
      minWidth: 100,
      sortable: false,
      cellRenderer: ({ data }: Cell) => <bdi>{data?.owner_name}</bdi>,
    },
    {
      colId: 'updated_at',
      headerName: t('list.updated'),
      initialFlex: 120,
      minWidth: 110,
      sortingOrder: ['desc', 'asc'],
      cellRenderer: ({ data }: Cell) => data && <RelativeTime at={data.updated_at} />,
    },
  ];
}
