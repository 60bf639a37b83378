import type { Channel, Customer, CustomerSummary } from '../../shared/api/types.ts';

/** A way to get in touch with a customer. */
export interface Way {
  channel: Channel;
  address: string;
}

const BY_KIND: Record<string, readonly Channel[]> = {
  phone: ['voice', 'sms'],
  email: ['email'],
  chat: ['chat'],
  social: ['social'],
};

/** Every way to a customer: each address on each channel that takes it, calls first. */
export function waysTo(
  customer: Customer | undefined,
  summary: CustomerSummary | undefined,
): Way[] {
  const identities =
    customer?.identities ??
    (summary
      ? [
          { kind: 'phone', value: summary.phone_1, position: 1 },
          { kind: 'email', value: summary.email, position: 1 },
        ]
      : []);
  const ways = identities
    .toSorted((a, b) => a.position - b.position)
    .flatMap(({ kind, value }) =>
      value ? (BY_KIND[kind] ?? []).map((channel) => ({ channel, address: value })) : [],
    );
  const order: readonly string[] = ['voice', 'sms', 'email', 'chat', 'social'];
  return ways.sort((a, b) => order.indexOf(a.channel) - order.indexOf(b.channel));
}
