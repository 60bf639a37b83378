import type { Address } from '../../shared/api/types.ts';
import type { FieldValue } from './drafts.ts';

/** Whether two values mean the same: an empty text is no value. */
export function sameValue(a: FieldValue | undefined, b: FieldValue | undefined): boolean {
  return JSON.stringify(plain(a)) === JSON.stringify(plain(b));
}

function plain(value: FieldValue | undefined): unknown {
  if (value === '' || value === undefined) return null;
  if (typeof value === 'string') return value.trim() || null;
  if (Array.isArray(value) && value.length === 0) return null;
  return value;
}

/** What a text field sends for what was typed: nothing typed clears the value. */
export function textValue(typed: string): string | null {
  return typed.trim() === '' ? null : typed.trim();
}

/** An address on one line, in the order in which it is written where it lies (roughly). */
export function addressLine(address: Address, country: string): string {
  const place = [address.postcode, address.city].filter(Boolean).join(' ');
  return [address.street, place, address.region, country].filter(Boolean).join(', ');
}

/** The addresses with one more, one changed, or one gone; exactly one stays primary. */
export function withPrimary(addresses: readonly Address[], primary: number): Address[] {
  return addresses.map((one, index) => ({ ...one, primary: index === primary }));
}

export const EMPTY_ADDRESS: Address = {
  street: '',
  city: '',
  region: '',
  postcode: '',
  country: '',
  primary: false,
};

// The languages offered for a customer: those of the countries centres mostly serve. A stored
// language that is not among them is offered too.
export const LANGUAGE_CODES = [
  'ar',
  'bg',
  'cs',
  'da',
  'de',
  'el',
  'en',
  'es',
  'et',
  'fa',
  'fi',
  'fr',
  'he',
  'hi',
  'hr',
  'hu',
  'is',
  'it',
  'ja',
  'ko',
  'lt',
  'lv',
  'nb',
  'nl',
  'pl',
  'pt',
  'ro',
  'ru',
  'sk',
  'sl',
  'so',
  'sr',
  'sv',
  'th',
  'tr',
  'uk',
  'ur',
  'vi',
  'zh',
] as const;
