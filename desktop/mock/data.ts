import type { Customer, Identity, Me, User, WrapUpCode } from '../src/shared/api/types.ts';

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
  switched_off: [],
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
  channels: [],
  teams: [],
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
    attribute: null,
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
