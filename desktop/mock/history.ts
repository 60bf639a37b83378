import type { Activity, Channel, Customer, Interaction, User } from '../src/shared/api/types.ts';
import { AIKO, CODES, CUSTOMERS, newId, TEAM, USERS } from './data.ts';

const DAY = 86_400_000;

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
    media_type: 'voice',
    fields: {},
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
    request_id: null,
    request: null,
    standalone: false,
    activities: [],
  };
  if (voice && !past.outbound) {
    interaction.activities.push({
      ...leg(interaction, undefined, start, 31, {} as Past, true),
      kind: 'ivr',
      call_type: null,
      team_name: null,
      outcome: null,
      media_type: 'voice',
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
