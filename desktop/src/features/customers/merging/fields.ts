import type { TFunction } from 'i18next';
import {
  type Attribute,
  type Customer,
  type Json,
  PHONE_FIELDS,
} from '../../../shared/api/types.ts';
import { languageName } from '../../../shared/format/time.ts';
import { shownValue } from '../privacy/mask.ts';
import { addressLine, sameValue } from '../values.ts';
import type { Side } from './api.ts';

/** One field of both cards, as the page that merges them lays it side by side. */
export interface MergeField {
  /** Its name in the request. */
  field: string;
  label: string;
  this: string;
  other: string;
  /** Whether the values mean the same, so that there is nothing to choose. */
  same: boolean;
  sides: readonly Side[];
  /** What stands unless it is chosen otherwise. */
  usual: Side;
}

const PLAIN = ['kind', 'company_name', 'first_name', 'last_name'] as const;

function numberAt(customer: Customer, position: number): string | undefined {
  return customer.identities.find(
    (one) => one.kind === 'phone' && one.position === position && one.confidence === 'known',
  )?.normalised;
}

function addresses(customer: Customer): string {
  return customer.addresses.map((one) => addressLine(one, one.country)).join('\n');
}

function consent(customer: Customer, t: TFunction): string {
  const entries = Object.entries(customer.consent).toSorted(([a], [b]) => a.localeCompare(b));
  return entries
    .map(([channel, agreed]) => {
      const name = t(`channel.${channel}` as 'channel.voice');
      return t('merge.consent', {
        channel: name,
        answer: agreed ? t('common.yes') : t('common.no'),
      });
    })
    .join('\n');
}

function plainText(field: (typeof PLAIN)[number], customer: Customer, t: TFunction): string {
  if (field !== 'kind') return customer[field];
  return customer.kind === 'company' ? t('customer.company') : t('customer.person');
}

/** The fields in which two cards have anything, in the order of the card. */
export function mergeFields(
  card: Customer,
  other: Customer,
  attributes: readonly Attribute[],
  t: TFunction,
): MergeField[] {
  const rows: MergeField[] = [];
  const add = (
    field: string,
    label: string,
    show: (one: Customer) => string,
    { both = false, compare = show } = {},
  ) => {
    const [mine, theirs] = [show(card), show(other)];
    if (!mine && !theirs) return;
    rows.push({
      field,
      label,
      this: mine,
      other: theirs,
      same: sameValue(compare(card), compare(other)),
      sides: both ? ['this', 'both', 'other'] : ['this', 'other'],
      usual: both ? 'both' : mine ? 'this' : 'other',
    });
  };
  for (const field of PLAIN) add(field, t(`field.${field}`), (one) => plainText(field, one, t));
  for (const [index, field] of PHONE_FIELDS.entries()) {
    // 070-174 06 05 and +46 70 174 06 05 are one number.
    const compare = (one: Customer) => numberAt(one, index + 1) ?? one[field] ?? '';
    add(field, t(`field.${field}`), (one) => one[field] ?? '', { compare });
  }
  add('email', t('field.email'), (one) => one.email ?? '');
  add('preferred_language', t('field.preferred_language'), (one) =>
    one.preferred_language ? languageName(one.preferred_language) : '',
  );
  for (const attribute of attributes) {
    const { key, label, privacy } = attribute;
    const show = (one: Customer) => {
      const value: Json | undefined = one.attributes[key];
      return value === undefined || value === null ? '' : shownValue(attribute, value, t);
    };
    // Two masks look alike; whether the values are, nobody can see here.
    const compare = (one: Customer) =>
      privacy === 'sensitive' && show(one) ? `${one.id}` : show(one);
    add(`attributes.${key}`, label, show, { compare });
  }
  add('addresses', t('card.addresses'), addresses, { both: true });
  add('consent', t('card.consent'), (one) => consent(one, t), { both: true });
  add('external_id', t('merge.externalId'), (one) => one.external_id ?? '');
  return rows;
}

/** The choices that differ from what would stand anyway: only they are sent. */
export function chosenOf(
  fields: readonly MergeField[],
  picked: Readonly<Record<string, Side>>,
): Record<string, Side> {
  const chosen = fields.filter(({ field, same, usual }) => {
    const side = picked[field];
    return side !== undefined && !same && side !== usual;
  });
  return Object.fromEntries(chosen.map(({ field }) => [field, picked[field] as Side]));
}
