import type { AuditEntry, Json } from '../../shared/api/types.ts';

/** The kinds of things that entries tell of, as the trail calls them. */
export const KINDS = [
  'customer',
  'customers',
  'request',
  'requests',
  'interaction',
  'activity',
  'import',
  'bulk_edit',
  'view',
  'account',
  'team',
  'api_key',
  'attribute',
  'request_type',
  'wrap_up_code',
  'audit',
] as const;

const PAGES: Record<string, (id: string) => string> = {
  customer: (id) => `/desk/customers/${id}`,
  request: (id) => `/requests/${id}`,
  account: (id) => `/administration/users/${id}`,
  team: (id) => `/administration/teams/${id}`,
  attribute: (id) => `/administration/customer-fields/${id}`,
  request_type: (id) => `/administration/request-types/${id}`,
  wrap_up_code: (id) => `/administration/wrap-up-codes/${id}`,
};

/** Where the thing itself is shown; null: it has no page. */
export function pageOf({ entity, entity_id }: AuditEntry): string | null {
  return entity_id ? (PAGES[entity]?.(encodeURIComponent(entity_id)) ?? null) : null;
}

/** What the thing is called, or was when it was there; null: it never had a name. */
export function nameOf({ name, before, after, entity_id }: AuditEntry): string | null {
  const known = (before ?? after) as { name?: string; label?: string; title?: string } | null;
  return name ?? known?.name ?? known?.label ?? known?.title ?? entity_id;
}

/** Whether a value says nothing: of a new record most fields do. */
export function isEmpty(value: Json | undefined): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0;
  return value === undefined || value === null || value === '';
}

/** A stored value for reading: text as it is, the rest as JSON. */
export function shown(value: Json | undefined): string {
  if (value === undefined || isEmpty(value)) return '–';
  return typeof value === 'string' ? value : JSON.stringify(value, null, 1);
}
