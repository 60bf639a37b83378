import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { useEffect } from 'react';
import { api } from '../../shared/api/client.ts';
import type { Attribute, Json } from '../../shared/api/types.ts';
import { locale } from '../../shared/format/locale.ts';
import { duration } from '../../shared/format/time.ts';
import type { LiveEvent } from '../../shared/live/events.ts';
import { onLiveEvent, onReload, withEventsMeanwhile } from '../../shared/live/live.ts';

const ATTRIBUTES = ['customer-attributes'] as const;

function newest(known: Attribute[], event: LiveEvent): Attribute[] {
  return event.type === 'schema.customers_changed' ? event.payload.attributes : known;
}

/** The attributes that the card shows, in its order; changes by administrators show at once. */
export function useAttributes() {
  const client = useQueryClient();
  useEffect(() => {
    const stops = [
      onLiveEvent((event) => {
        client.setQueryData<Attribute[]>(ATTRIBUTES, (known) => known && newest(known, event));
      }),
      onReload(() => void client.invalidateQueries({ queryKey: ATTRIBUTES })),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [client]);
  return useQuery({
    queryKey: ATTRIBUTES,
    queryFn: ({ signal }) =>
      withEventsMeanwhile(
        async () =>
          (await api.get<{ items: Attribute[] }>('/customer-attributes', { signal })).items,
        newest,
      ),
    select: (all) => all.filter((one) => one.hidden_at === null),
  });
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
