import type { ICellRendererParams } from 'ag-grid-community';
import type { ReactNode } from 'react';

/** What a column is compared how with (kit/list_filters.py and list_fields.py have the meaning). */
export type Kind =
  | 'text'
  | 'phone'
  | 'choice'
  | 'choices'
  | 'instant'
  | 'day'
  | 'time'
  | 'number'
  | 'bool';

export const OPERATOR_WORDS = [
  'contains',
  'starts',
  'eq',
  'ne',
  'in',
  'gte',
  'lte',
  'lacks',
  'empty',
] as const;
export type Operator = (typeof OPERATOR_WORDS)[number];

/** The operators of a kind of column, the usual one first. */
export const OPERATORS: Record<Kind, readonly Operator[]> = {
  text: ['contains', 'starts', 'eq', 'ne', 'in'],
  phone: ['starts', 'contains', 'eq'],
  choice: ['eq', 'ne', 'in'],
  choices: ['contains', 'lacks'],
  instant: ['gte', 'lte', 'eq'],
  day: ['gte', 'lte', 'eq'],
  time: ['gte', 'lte', 'eq'],
  number: ['eq', 'gte', 'lte', 'ne'],
  bool: ['eq'],
};

/** One column of a list. Any list describes its own in this way; the rest follows from it. */
export interface ListColumn<Row> {
  key: string;
  kind: Kind;
  label: string;
  /** Its share of the page, and what it needs at least, in px. */
  width: number;
  least: number;
  /** Left out until somebody chooses it. */
  extra?: boolean;
  /** The first one: always there, at the left. */
  pinned?: boolean;
  /** The values of a choice. */
  options?: readonly { value: string; label: string }[];
  /** Rows may have no value in it. */
  mayLack?: boolean;
  sortable?: boolean;
  filterable?: boolean;
  operators?: readonly Operator[];
  cell?: (cell: ICellRendererParams<Row>) => ReactNode;
}

/** What a column can be filtered by. */
export function operatorsOf<Row>(column: ListColumn<Row>): readonly Operator[] {
  const own = column.operators ?? OPERATORS[column.kind];
  return column.mayLack ? [...own, 'empty'] : own;
}
