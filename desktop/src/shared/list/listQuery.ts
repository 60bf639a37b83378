import type { Sort } from '../grid/sort.ts';

export interface Filter {
  field: string;
  operator: string;
  value: string;
}

/** What the list shows; it lives in the address, so that back, refresh and a sent link show the same. */
export interface ListQuery {
  q: string;
  sort: Sort[];
  page: number;
  pageSize: number;
  filters: Filter[];
}

export const PAGE_SIZES = [25, 50, 100, 200] as const;
export const NEWEST_FIRST: Sort[] = [{ column: 'created_at', descending: true }];

/** The list that an address (without its `?`) stands for, in the order `byItself` unless it says one; what cannot be understood is left out. */
export function readQuery(search: string, byItself: readonly Sort[] = NEWEST_FIRST): ListQuery {
  const params = new URLSearchParams(search);
  const filters: Filter[] = [];
  for (const [key, value] of params) {
    // The name of a column may have a dot itself (attributes.tier).
    const [, field, operator] = /^([a-z][\w]*(?:\.[a-z][\w]*)?)\.([a-z]+)$/.exec(key) ?? [];
    if (field && operator) filters.push({ field, operator, value });
  }
  const sort = (params.get('sort') ?? '')
    .split(',')
    .filter(Boolean)
    .map((one) => ({ column: one.replace(/^-/, ''), descending: one.startsWith('-') }));
  const size = Number(params.get('page_size'));
  return {
    q: params.get('q') ?? '',
    sort: sort.length > 0 ? sort : [...byItself],
    page: Math.max(1, Math.trunc(Number(params.get('page'))) || 1),
    pageSize: PAGE_SIZES.find((one) => one === size) ?? 50,
    filters,
  };
}

/** What a view keeps of a list: all but the page that is shown. */
export function viewText(query: ListQuery, byItself: readonly Sort[] = NEWEST_FIRST): string {
  return writeQuery({ ...query, page: 1 }, byItself);
}

/** The list as the API is asked for it. */
export function parametersOf({ q, sort, page, pageSize, filters }: ListQuery): URLSearchParams {
  const params = new URLSearchParams();
  if (q.trim()) params.set('q', q.trim());
  params.set('sort', sortText(sort));
  params.set('page', String(page));
  params.set('page_size', String(pageSize));
  for (const { field, operator, value } of filters) params.append(`${field}.${operator}`, value);
  return params;
}

export function sortText(sort: readonly Sort[]): string {
  return sort.map(({ column, descending }) => (descending ? `-${column}` : column)).join(',');
}

/** The address of a list, and what is asked of the server, without a leading `?`. */
export function writeQuery(
  { q, sort, page, pageSize, filters }: ListQuery,
  byItself: readonly Sort[] = NEWEST_FIRST,
): string {
  const params = new URLSearchParams();
  if (q.trim()) params.set('q', q.trim());
  if (sortText(sort) !== sortText(byItself)) params.set('sort', sortText(sort));
  if (page > 1) params.set('page', String(page));
  if (pageSize !== 50) params.set('page_size', String(pageSize));
  for (const { field, operator, value } of filters) params.append(`${field}.${operator}`, value);
  return params.toString();
}
