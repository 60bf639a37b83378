import type { ICellRendererParams } from 'ag-grid-community';
import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { PRIORITIES, type Request, type RequestField } from '../../shared/api/types.ts';
import { FIELD_TYPES } from '../../shared/fields/fieldTypes.ts';
import type { ListColumn } from '../../shared/list/columns.ts';
import { fieldColumn } from '../../shared/list/fieldColumn.tsx';
import { RelativeTime } from '../../shared/ui/RelativeTime.tsx';
import { useUsers } from '../people/api.ts';
import { useRequestSchema } from './api.ts';
import { Due, PriorityMark } from './components/RequestFacts.tsx';
import { reference } from './look.ts';

type Cell = ICellRendererParams<Request>;

const moment =
  (of: (row: Request) => string | null) =>
  ({ data }: Cell) => {
    const at = data && of(data);
    return at ? <RelativeTime at={at} /> : null;
  };

const text =
  (of: (row: Request) => string | null) =>
  ({ data }: Cell) => {
    const value = data && of(data);
    return value ? <bdi title={value}>{value}</bdi> : null;
  };

/** A field of a type: found by, and not sorted by, as no order of it is kept. */
function requestField(field: RequestField, t: TFunction): ListColumn<Request> {
  const show = ({ fields }: Request) => {
    const value = fields[field.key];
    return value === undefined || value === null
      ? null
      : FIELD_TYPES[field.type.type].show(value, t);
  };
  const column = fieldColumn(`fields.${field.key}`, field, show);
  return {
    ...column,
    sortable: false,
    ...(field.type.type === 'phone' && { operators: ['contains'] as const }),
  };
}

/** The columns of the list of requests, in the order in which the list comes. */
export function useRequestColumns(): ListColumn<Request>[] {
  const { t } = useTranslation();
  const schema = useRequestSchema().data;
  const users = useUsers(true).data;
  return useMemo(() => {
    const typeOf = (key: string) => schema?.types.find((one) => one.key === key)?.label ?? key;
    const statusOf = (row: Request) =>
      row.status === 'closed' ? t('request.closed') : t('request.active');
    return [
      {
        key: 'number',
        kind: 'number',
        label: t('request.number'),
        width: 110,
        least: 100,
        pinned: true,
        cell: ({ data }) => <span className="rd-figures">{data && reference(data.number)}</span>,
      },
      {
        key: 'title',
        kind: 'text',
        label: t('request.title'),
        width: 260,
        least: 180,
        cell: text((row) => row.title),
      },
      {
        key: 'customer_name',
        kind: 'text',
        label: t('request.customer'),
        width: 180,
        least: 140,
        cell: text((row) => row.customer_name),
      },
      {
        key: 'type',
        kind: 'choice',
        label: t('request.type'),
        width: 120,
        least: 100,
        options: (schema?.types ?? []).map((one) => ({ value: one.key, label: one.label })),
        cell: text((row) => typeOf(row.type)),
      },
      {
        key: 'status',
        kind: 'choice',
        label: t('request.status'),
        width: 90,
        least: 90,
        options: [
          { value: 'active', label: t('request.active') },
          { value: 'closed', label: t('request.closed') },
        ],
        cell: text(statusOf),
      },
      {
        key: 'priority',
        kind: 'choice',
        label: t('request.priority'),
        width: 100,
        least: 96,
        options: PRIORITIES.map((value) => ({ value, label: t(`priority.${value}`) })),
        cell: ({ data }) =>
          data?.priority === 'high' || data?.priority === 'urgent' ? (
            <PriorityMark request={data} />
          ) : (
            data && t(`priority.${data.priority}`)
          ),
      },
      {
        key: 'due_on',
        kind: 'day',
        label: t('request.due'),
        width: 150,
        least: 130,
        mayLack: true,
        cell: ({ data }) => data && <Due request={data} />,
      },
      {
        key: 'owner_id',
        kind: 'choice',
        label: t('request.owner'),
        width: 120,
        least: 100,
        mayLack: true,
        operators: ['eq'],
        options: [
          { value: 'me', label: t('requests.me') },
          ...(users ?? []).map((one) => ({ value: one.id, label: one.name })),
        ],
        cell: text((row) => row.owner_name),
      },
      {
        key: 'updated_at',
        kind: 'instant',
        label: t('list.updated'),
        width: 120,
        least: 110,
        cell: moment((row) => row.updated_at),
      },
      {
        key: 'created_at',
        kind: 'instant',
        label: t('list.created'),
        width: 120,
        least: 110,
        extra: true,
        cell: moment((row) => row.created_at),
      },
      {
        key: 'closed_at',
        kind: 'instant',
        label: t('requests.closedAt'),
        width: 120,
        least: 110,
        extra: true,
        mayLack: true,
        cell: moment((row) => row.closed_at),
      },
      {
        key: 'overdue',
        kind: 'bool',
        label: t('requests.overdue'),
        width: 90,
        least: 90,
        extra: true,
        sortable: false,
        cell: ({ data }) => data && <Due request={data} />,
      },
      ...(schema?.fields ?? []).map((field) => requestField(field, t)),
    ];
  }, [t, schema, users]);
}
