import { IconBuilding, IconUser } from '@tabler/icons-react';
import type { ColDef, ICellRendererParams } from 'ag-grid-community';
import type { TFunction } from 'i18next';
import type { CustomerRow } from '../../../shared/api/types.ts';
import { languageName } from '../../../shared/format/time.ts';
import { RelativeTime } from '../../../shared/ui/RelativeTime.tsx';
import { Phone } from '../components/Phone.tsx';
import styles from './columns.module.css';

type Kind = 'text' | 'phone' | 'choice' | 'instant' | 'number';

export interface ListColumn {
  key: string;
  kind: Kind;
  label: ListLabel;
  /** Its share of the page, and what it needs at least, in px. */
  width: number;
  least: number;
  /** The values of a choice. */
  options?: readonly string[];
}

type ListLabel =
  | 'list.name'
  | 'list.number'
  | 'list.created'
  | 'list.updated'
  | 'list.lastContact'
  | 'field.kind'
  | 'field.first_name'
  | 'field.last_name'
  | 'field.company_name'
  | 'field.phone_1'
  | 'field.phone_2'
  | 'field.email'
  | 'field.city'
  | 'field.preferred_language';

/** The columns that the list shows, in their order; all of them can be sorted by and filtered. */
export const COLUMNS: readonly ListColumn[] = [
  { key: 'display_name', kind: 'text', label: 'list.name', width: 240, least: 200 },
  { key: 'phone_1', kind: 'phone', label: 'field.phone_1', width: 156, least: 156 },
  { key: 'email', kind: 'text', label: 'field.email', width: 230, least: 160 },
  { key: 'city', kind: 'text', label: 'field.city', width: 120, least: 110 },
  { key: 'company_name', kind: 'text', label: 'field.company_name', width: 160, least: 110 },
  {
    key: 'preferred_language',
    kind: 'text',
    label: 'field.preferred_language',
    width: 110,
    least: 96,
  },
  { key: 'last_contact_at', kind: 'instant', label: 'list.lastContact', width: 140, least: 120 },
  { key: 'created_at', kind: 'instant', label: 'list.created', width: 140, least: 120 },
  { key: 'number', kind: 'number', label: 'list.number', width: 90, least: 80 },
];

/** Columns that can be filtered by without being shown. */
export const HIDDEN_COLUMNS: readonly ListColumn[] = [
  { key: 'first_name', kind: 'text', label: 'field.first_name', width: 0, least: 0 },
  { key: 'last_name', kind: 'text', label: 'field.last_name', width: 0, least: 0 },
  {
    key: 'kind',
    kind: 'choice',
    label: 'field.kind',
    width: 0,
    least: 0,
    options: ['person', 'company'],
  },
  { key: 'phone_2', kind: 'phone', label: 'field.phone_2', width: 0, least: 0 },
  { key: 'updated_at', kind: 'instant', label: 'list.updated', width: 0, least: 0 },
];

/** The operators of a kind of column, the usual one first (kit/list_filters.py has their meaning). */
export const OPERATORS: Record<Kind, readonly Operator[]> = {
  text: ['contains', 'starts', 'eq', 'ne', 'empty'],
  phone: ['starts', 'contains', 'eq', 'empty'],
  choice: ['eq', 'ne'],
  instant: ['gte', 'lte', 'eq'],
  number: ['eq', 'gte', 'lte'],
};
export type Operator = 'contains' | 'starts' | 'eq' | 'ne' | 'gte' | 'lte' | 'empty';

export function columnOf(key: string): ListColumn | undefined {
  return [...COLUMNS, ...HIDDEN_COLUMNS].find((column) => column.key === key);
}

type Cell = ICellRendererParams<CustomerRow>;

function Name({ data }: Cell) {
  if (!data) return null;
  const Icon = data.kind === 'company' ? IconBuilding : IconUser;
  return (
    <span className={styles.name}>
      <Icon size={15} aria-hidden className={styles.icon} />
      <bdi title={data.display_name}>{data.display_name}</bdi>
    </span>
  );
}

const CELLS: Record<string, (cell: Cell) => React.ReactNode> = {
  display_name: Name,
  phone_1: ({ data }) => (data?.phone_1 ? <Phone value={data.phone_1} /> : null),
  email: ({ data }) => <bdi title={data?.email ?? undefined}>{data?.email}</bdi>,
  city: ({ data }) => (
    <bdi>{(data?.addresses.find((one) => one.primary) ?? data?.addresses[0])?.city}</bdi>
  ),
  company_name: ({ data }) => (
    <bdi title={data?.company_name ?? undefined}>{data?.company_name}</bdi>
  ),
  preferred_language: ({ data }) =>
    data?.preferred_language ? languageName(data.preferred_language) : null,
  last_contact_at: ({ data }) =>
    data?.last_contact ? <RelativeTime at={data.last_contact.at} /> : null,
  created_at: ({ data }) => (data ? <RelativeTime at={data.created_at} /> : null),
  number: ({ data }) => <span className="rd-figures">{data?.number}</span>,
};

/** The columns as the grid wants them. */
export function columnDefs(t: TFunction): ColDef<CustomerRow>[] {
  return COLUMNS.map(({ key, kind, label, width, least }): ColDef<CustomerRow> => {
    const column: ColDef<CustomerRow> = {
      colId: key,
      headerName: t(label),
      minWidth: least,
      // Of times and numbers the newest is what one looks for.
      sortingOrder: kind === 'instant' || kind === 'number' ? ['desc', 'asc'] : ['asc', 'desc'],
    };
    const cellRenderer = CELLS[key];
    if (cellRenderer) column.cellRenderer = cellRenderer;
    if (key === 'display_name') {
      column.pinned = 'left';
      column.lockPosition = 'left';
      column.initialWidth = width;
    } else column.initialFlex = width;
    return column;
  });
}
