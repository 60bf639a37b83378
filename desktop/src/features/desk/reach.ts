import type { Channel, Customer, CustomerSummary } from '../../shared/api/types.ts';

/** A way to get in touch with a customer. */
export interface Way {
  channel: Channel;
  address: string;
  /** The field of the card that has it, by its key; null: one of the system, or none. */
  attribute: string | null;
  /** It was seen in a conversation, and nobody said yet that it is the customer's. */
  unconfirmed: boolean;
}

const BY_KIND: Record<string, readonly Channel[]> = {
  phone: ['voice', 'sms'],
  email: ['email'],
  chat: ['chat'],
  social: ['social'],
};

const FIRST = { position: 1, attribute: null, confidence: 'known' } as const;

/** Every way to a customer: each address on each channel that takes it, wherever on the card it stands, calls first. */
export function waysTo(
  customer: Customer | undefined,
  summary: CustomerSummary | undefined,
): Way[] {
  const identities =
    customer?.identities ??
    (summary
      ? [
          { kind: 'phone', value: summary.phone_1, ...FIRST },
          { kind: 'email', value: summary.email, ...FIRST },
        ]
      : []);
  const ways = identities
    .toSorted((a, b) => a.position - b.position)
    .flatMap(({ kind, value, attribute, confidence }) =>
      value
        ? (BY_KIND[kind] ?? []).map((channel) => ({
            channel,
            address: value,
            attribute,
            unconfirmed: confidence === 'maybe',
          }))
        : [],
    );
  const order: readonly string[] = ['voice', 'sms', 'email', 'chat', 'social'];
  return ways.sort((a, b) => order.indexOf(a.channel) - order.indexOf(b.channel));
}
