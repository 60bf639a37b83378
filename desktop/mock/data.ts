import type {
  Activity,
  Channel,
  Customer,
  Identity,
  Interaction,
  Me,
  User,
  WrapUpCode,
} from '../src/shared/api/types.ts';

const DAY = 86_400_000;
let counter = 0;

/** Ids that look like the server's and sort by time, but are the same in every run. */
export function newId(): string {
  counter += 1;
  return `01930000-0000-7000-8000-${counter.toString(16).padStart(12, '0')}`;
}

export const ago = (ms: number) => new Date(Date.now() - ms).toISOString();

export const TEAM = { id: newId(), name: 'Support Nord' };

export const AIKO: Me = {
  id: newId(),
  name: 'Aiko Tanaka',
  email: 'aiko@example.test',
  roles: ['agent'],
  extension: '1001',
  cti_enabled: true,
  team: TEAM,
  language: 'en',
  preferences: {},
};
export const ADA: Me = {
  ...AIKO,
  id: newId(),
  name: 'Ada Berg',
  email: 'ada@example.test',
  roles: ['administrator'],
  extension: null,
  cti_enabled: false,
};
export const USERS: User[] = [
  { id: AIKO.id, name: AIKO.name, extension: '1001', team: TEAM },
  { id: newId(), name: 'Bilal Haddad', extension: '1002', team: TEAM },
  { id: newId(), name: 'Sven Lindqvist', extension: '1010', team: TEAM },
];

const wrapUpCode = (code: string, label: string, uses: number): WrapUpCode => ({
  code,
  labels: { en: label },
  channel: 'voice',
  active: true,
  uses,
});

export const CODES: WrapUpCode[] = [
  wrapUpCode('billing', 'Billing question', 412),
  wrapUpCode('refund', 'Refund', 120),
  wrapUpCode('delivery', 'Delivery date', 377),
  wrapUpCode('address', 'Change of address', 64),
  wrapUpCode('technical', 'Technical fault', 255),
  wrapUpCode('callback', 'Callback agreed', 31),
  wrapUpCode('complaint', 'Complaint', 18),
  wrapUpCode('wrong_number', 'Wrong number', 9),
];

function identity(
  kind: Identity['kind'],
  value: string,
  position: number,
  maybe = false,
): Identity {
  return {
    id: newId(),
    kind,
    value,
    normalised: value.replace(/[\s-]/g, ''),
    confidence: maybe ? 'maybe' : 'known',
    position,
  };
}

export function makeCustomer(fields: Partial<Customer>): Customer {
  const phones = [fields.phone_1, fields.phone_2, fields.phone_3].filter(
    (phone): phone is string => typeof phone === 'string',
  );
  const identities = phones.map((phone, index) => identity('phone', phone, index));
  if (fields.email) identities.push(identity('email', fields.email, phones.length));
  const name = [fields.first_name, fields.last_name].filter(Boolean).join(' ');
  counter += 1;
  return {
    id: newId(),
    number: 10_000 + counter,
    version: 1,
    kind: 'person',
    first_name: '',
    last_name: '',
    company_name: '',
    display_name:
      name || fields.company_name || fields.email || fields.phone_1 || 'Unknown customer',
    phone_1: null,
    phone_2: null,
    phone_3: null,
    phone_4: null,
    phone_5: null,
    email: null,
    addresses: [],
    preferred_language: null,
    consent: {},
    attributes: {},
    external_id: null,
    identities,
    created_at: ago(900 * DAY),
    updated_at: ago(20 * DAY),
    archived_at: null,
    last_contact: null,
    ...fields,
  };
}

const address = (street: string, postcode: string, city: string, country: string) => ({
  street,
  postcode,
  city,
  region: '',
  country,
  primary: true,
});

export const CUSTOMERS: Customer[] = [
  makeCustomer({
    first_name: 'Edward',
    last_name: 'Ferrars',
    phone_1: '+44 20 7946 0958',
    phone_2: '+46 70 174 06 05',
    email: 'edward.ferrars@norland.example',
    addresses: [address('12 Barton Lane', 'EX4 4QJ', 'Exeter', 'GB')],
    preferred_language: 'en',
    consent: { email: true },
    attributes: { contract: 'N-20817', portal: 'https://portal.example/customers/20817' },
  }),
  makeCustomer({
    first_name: '花子',
    last_name: '山田',
    display_name: '山田 花子',
    phone_1: '+81 3-1234-5678',
    email: 'hanako.yamada@example.jp',
    addresses: [address('神南1-19-11', '150-0041', '渋谷区', 'JP')],
    preferred_language: 'ja',
  }),
  makeCustomer({
    first_name: 'ليلى',
    last_name: 'المنصوري',
    phone_1: '+971 4 123 4567',
    preferred_language: 'ar',
    addresses: [address('شارع الشيخ زايد', '', 'دبي', 'AE')],
  }),
  makeCustomer({
    first_name: 'Wolfeschlegelsteinhausen-Bergerdorff',
    last_name: 'von und zu Hohenlohe-Sigmaringen',
    phone_1: '+49 30 901820',
    email: 'w.hohenlohe-sigmaringen@a-rather-long-domain-name.example',
    addresses: [address('Unter den Linden 77', '10117', 'Berlin', 'DE')],
  }),
  makeCustomer({
    kind: 'company',
    company_name: 'Kvarnby Bageri AB',
    phone_1: '08-123 45 67',
    email: 'info@kvarnby.example',
    addresses: [address('Storgatan 1', '113 51', 'Stockholm', 'SE')],
    preferred_language: 'sv',
  }),
  makeCustomer({ first_name: 'Anna', last_name: 'Öberg', phone_1: '08-765 43 21' }),
  makeCustomer({ first_name: 'Erik', last_name: 'Öberg', phone_1: '08-765 43 21' }),
  makeCustomer({
    kind: 'company',
    company_name: 'Öberg Bygg',
    phone_1: '08-765 43 21',
    addresses: [address('Hamngatan 8', '111 47', 'Stockholm', 'SE')],
  }),
  makeCustomer({ phone_1: '+46 8 55 00 00' }),
  makeCustomer({ email: 'only.mail@example.test' }),
];

interface Past {
  days: number;
  channel?: Channel;
  outbound?: boolean;
  agents?: number[];
  code?: number;
  note?: string;
  comment?: string;
  result?: Interaction['result'];
  queue?: string;
}

const PAST: Past[] = [
  {
    days: 0.09,
    agents: [0],
    code: 0,
    note: 'Wants the invoice as PDF',
    comment: 'Sent the invoice: https://portal.example/invoices/8812 (PDF).',
  },
  { days: 0.4, channel: 'sms', outbound: true },
  { days: 1.2, agents: [1, 0], code: 1 },
  { days: 3, result: 'abandoned' },
  { days: 9, channel: 'email', agents: [2] },
  { days: 26, agents: [1], code: 4, queue: 'sales' },
  { days: 47, result: 'not_accepted', agents: [0] },
  { days: 80, channel: 'chat', agents: [0], code: 2 },
];

function leg(
  interaction: Interaction,
  agent: User | undefined,
  start: number,
  seconds: number,
  past: Past,
  first: boolean,
): Activity {
  const answered = interaction.result === 'answered';
  const code = past.code === undefined ? undefined : CODES[past.code];
  const at = new Date(start + seconds * 1000).toISOString();
  return {
    id: newId(),
    interaction_id: interaction.id,
    kind: 'agent',
    call_type:
      interaction.channel === 'voice' ? (first ? interaction.direction : 'transfer') : null,
    agent_id: agent?.id ?? null,
    agent_name: agent?.name ?? null,
    team_name: TEAM.name,
    extension: agent?.extension ?? null,
    started_at: new Date(start).toISOString(),
    answered_at: answered ? new Date(start + 6_000).toISOString() : null,
    ended_at: at,
    duration_s: answered ? seconds : 0,
    outcome: answered ? 'answered' : 'no_answer',
    wrap_ups: code
      ? [
          {
            id: newId(),
            code: code.code,
            labels: code.labels,
            note: past.note ?? null,
            applied_at: at,
            by_name: agent?.name ?? null,
            inherited: false,
          },
        ]
      : [],
    tags: first && code ? ['invoice'] : [],
    comments:
      first && past.comment
        ? [{ id: newId(), text: past.comment, author_name: agent?.name ?? '', at }]
        : [],
    text: null,
    wrap_up_until: null,
    finished_at: null,
  };
}

export function makePast(customer: Customer, past: Past): Interaction {
  const start = Date.now() - past.days * DAY;
  const voice = (past.channel ?? 'voice') === 'voice';
  const agents = past.agents ?? [];
  const interaction: Interaction = {
    id: newId(),
    customer_id: customer.id,
    candidates: [],
    channel: past.channel ?? 'voice',
    direction: past.outbound ? 'outbound' : 'inbound',
    ani: customer.phone_1,
    dnis: voice ? '+46 8 400 100 00' : null,
    queue: past.queue ?? (voice ? 'support' : null),
    caller_name: null,
    started_at: new Date(start).toISOString(),
    answered_at: null,
    ended_at: new Date(start + 231_000).toISOString(),
    duration_s: past.result ? 17 : 231,
    type: agents.length > 0 ? 'agent' : 'ivr',
    state: 'ended',
    result: past.result ?? 'answered',
    source: 'mock',
    external_id: null,
    activities: [],
  };
  if (voice && !past.outbound) {
    interaction.activities.push({
      ...leg(interaction, undefined, start, 31, {} as Past, true),
      kind: 'ivr',
      call_type: null,
      team_name: null,
      outcome: null,
    });
  }
  agents.forEach((index, order) => {
    const at = start + 31_000 + order * 90_000;
    const last = order === agents.length - 1 ? past : { days: past.days };
    interaction.activities.push(leg(interaction, USERS[index], at, 110, last, order === 0));
  });
  if (past.channel === 'sms') {
    interaction.activities.push({
      ...leg(interaction, USERS[0], start, 0, {} as Past, true),
      kind: 'message',
      text: 'Hello, your parcel arrives on Friday. Follow it at https://track.example/8812.',
    });
  }
  return interaction;
}

/** Histories by customer id; the first customer's is long enough to scroll. */
export const JOURNEYS = new Map<string, Interaction[]>(
  CUSTOMERS.slice(0, 5).map((customer, index) => {
    const older = index === 0 ? Array.from({ length: 160 }, (_, n) => n) : [];
    const all = [
      ...PAST.map((past) => makePast(customer, past)),
      ...older.map((n) => makePast(customer, { days: 100 + n * 9, agents: [n % 3], code: n % 8 })),
    ];
    const latest = all[0];
    if (latest) {
      customer.last_contact = { at: latest.started_at, channel: 'voice', agent_name: AIKO.name };
    }
    return [customer.id, all];
  }),
);
