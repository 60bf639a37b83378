import type { TFunction } from 'i18next';
import { CONSENT_CHANNELS } from '../list/columns.tsx';

const PLAIN = [
  { value: 'name', label: 'import.wholeName' },
  { value: 'first_name', label: 'field.first_name' },
  { value: 'last_name', label: 'field.last_name' },
  { value: 'company_name', label: 'field.company_name' },
  { value: 'kind', label: 'field.kind' },
  { value: 'phone_1', label: 'field.phone_1' },
  { value: 'phone_2', label: 'field.phone_2' },
  { value: 'phone_3', label: 'field.phone_3' },
  { value: 'phone_4', label: 'field.phone_4' },
  { value: 'phone_5', label: 'field.phone_5' },
  { value: 'email', label: 'field.email' },
  { value: 'email_2', label: 'import.email2' },
  { value: 'email_3', label: 'import.email3' },
  { value: 'preferred_language', label: 'field.preferred_language' },
  { value: 'external_id', label: 'import.externalId' },
] as const;

const ADDRESS_PARTS = ['street', 'postcode', 'city', 'region', 'country'] as const;
/** The addresses beside the primary one that a file has columns for. */
const FURTHER_PLACES = [2, 3] as const;

export interface Target {
  value: string;
  label: string;
}

/** What a column of a file can fill (product.md 1.7; the server refuses any other). */
export function targets(t: TFunction): Target[] {
  return [
    ...PLAIN.map(({ value, label }) => ({ value, label: t(label) })),
    ...ADDRESS_PARTS.map((part) => ({ value: part, label: t(`field.${part}`) })),
    ...FURTHER_PLACES.flatMap((place) =>
      ADDRESS_PARTS.map((part) => ({
        value: `${part}_${place}`,
        label: t('importMore.addressPart', { part: t(`field.${part}`), place }),
      })),
    ),
    ...CONSENT_CHANNELS.map((channel) => ({
      value: `consent.${channel}`,
      label: t('bulk.consentFor', { channel: t(`channel.${channel}`) }),
    })),
  ];
}
