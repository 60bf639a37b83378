import type { TFunction } from 'i18next';
import { api } from '../../shared/api/client.ts';
import type { Attribute, Json, Uuid } from '../../shared/api/types.ts';
import { locale } from '../../shared/format/locale.ts';
import { duration } from '../../shared/format/time.ts';
import { useLiveList } from '../../shared/live/useLiveList.ts';

const ATTRIBUTES = ['customer-attributes'] as const;

/** Every attribute, the hidden ones last; changes by administrators show at once. */
export function useAllAttributes() {
  return useLiveList(ATTRIBUTES, '/customer-attributes', (known: Attribute[], event) =>
    event.type === 'schema.customers_changed' ? event.payload.attributes : known,
  );
}

/** The attributes that the card shows, in its order. */
export function useAttributes(): Attribute[] | undefined {
  return useAllAttributes().data?.filter((one) => one.hidden_at === null);
}

export type NewAttribute = Pick<Attribute, 'label' | 'type' | 'required' | 'help' | 'privacy'> & {
  key?: string;
};

export function addAttribute(attribute: NewAttribute): Promise<Attribute> {
  return api.post<Attribute>('/customer-attributes', attribute);
}

export function changeAttribute(id: Uuid, change: Partial<NewAttribute>): Promise<Attribute> {
  return api.patch<Attribute>(`/customer-attributes/${id}`, change);
}

/** Takes one off the card; its values are kept. */
export function hideAttribute(id: Uuid): Promise<Attribute> {
  return api.delete<Attribute>(`/customer-attributes/${id}`);
}

export function restoreAttribute(id: Uuid): Promise<Attribute> {
  return api.post<Attribute>(`/customer-attributes/${id}/restore`);
}

export function orderAttributes(ids: string[]): Promise<{ items: Attribute[] }> {
  return api.put('/customer-attributes/order', { ids });
}

/** A stored value as people read it. */
export function attributeText({ type }: Attribute, value: Json, t: TFunction): string {
  if (typeof value === 'boolean') return value ? t('common.yes') : t('common.no');
  if (Array.isArray(value)) return value.map(String).join(', ');
  switch (type.type) {
    case 'integer':
    case 'decimal':
      // Four digits are often a year: only longer numbers are divided.
      return new Intl.NumberFormat(locale(), {
        maximumFractionDigits: 6,
        useGrouping: 'min2',
      }).format(value as Intl.StringNumericLiteral);
    case 'duration':
      return duration(Number(value));
    case 'date':
      // A day has no zone: it must not become the day before in the west.
      return new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeZone: 'UTC' }).format(
        new Date(`${value}T00:00:00Z`),
      );
    case 'time':
      return String(value).replace(/:00$/, '');
    case 'date_time':
      return new Intl.DateTimeFormat(locale(), {
        dateStyle: 'medium',
        timeStyle: 'short',
      }).format(new Date(String(value)));
    default:
      return String(value);
  }
}
