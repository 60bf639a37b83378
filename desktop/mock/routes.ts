import type { ServerResponse } from 'node:http';
import type { Customer, JourneyPage } from '../src/shared/api/types.ts';
import { summaryOf } from '../src/shared/live/reducer.ts';
import { answer, type CallScript, close, hangUp, hold, link, ring } from './calls.ts';
import { ADA, AIKO, CODES, makeCustomer, newId, USERS } from './data.ts';
import type { World } from './world.ts';

export interface Call {
  world: World;
  query: URLSearchParams;
  body: Record<string, unknown>;
  ids: string[];
  ifMatch: number | null;
  response: ServerResponse;
}

export class Refusal extends Error {
  readonly status: number;
  readonly extra: object;
  constructor(status: number, slug: string, detail: string, extra: object = {}) {
    super(slug);
    this.status = status;
    this.extra = { detail, ...extra };
  }
}

export const NOTHING = Symbol('no content');
export const STREAM = Symbol('the handler answers by itself');
type Handler = (call: Call) => unknown;

const customerOf = ({ world, ids }: Call): Customer => {
  const customer = world.customers.get(ids[0] ?? '');
  if (!customer) throw new Refusal(404, 'not_found', 'There is no such customer.');
  return customer;
};

function named(fields: Partial<Customer>, customer: Customer) {
  const name = [customer.first_name, customer.last_name].filter(Boolean).join(' ');
  const company = customer.kind === 'company' ? customer.company_name : null;
  const display = company || name || customer.email || customer.phone_1 || 'Unknown customer';
  return { ...customer, ...fields, display_name: display };
}

function checkPhones(body: Record<string, unknown>): void {
  const wrong = Object.keys(body).filter(
    (key) => key.startsWith('phone_') && body[key] !== null && !/\d{3}/.test(String(body[key])),
  );
  if (wrong.length === 0) return;
  const errors = wrong.map((field) => ({
    field,
    code: 'invalid_phone',
    message: 'A phone number has 3 to 15 digits.',
  }));
  throw new Refusal(422, 'validation', 'Some fields were refused.', { errors });
}

function search({ world, query }: Call) {
  const q = (query.get('q') ?? '').toLowerCase();
  const items = [...world.customers.values()].filter((one) =>
    [one.display_name, one.phone_1, one.email].some((text) => text?.toLowerCase().includes(q)),
  );
  const size = Number(query.get('page_size') ?? 50);
  return {
    items: items.slice(0, size),
    page: 1,
    page_size: size,
    total: items.length,
    total_is_estimate: false,
  };
}

function journey(call: Call): JourneyPage {
  const { world, query, ids } = call;
  const limit = Number(query.get('limit') ?? 50);
  const start = Number(query.get('cursor') ?? 0);
  const all = world
    .journeyOf(ids[0] ?? '')
    .filter((one) => !query.get('channel') || one.channel === query.get('channel'))
    .filter(
      (one) => !query.get('agent') || one.activities.some((a) => a.agent_id === query.get('agent')),
    )
    .filter((one) => !query.get('from') || one.started_at >= (query.get('from') ?? ''))
    .filter((one) => !query.get('to') || one.started_at <= (query.get('to') ?? ''));
  const next = start + limit < all.length ? String(start + limit) : null;
  return {
    position: world.desk.position,
    items: all.slice(start, start + limit),
    next_cursor: next,
    requests: [],
  };
}

function patch(call: Call): Customer {
  const customer = customerOf(call);
  if (call.ifMatch !== customer.version) {
    throw new Refusal(409, 'stale', 'Somebody changed it meanwhile.', { current: customer });
  }
  checkPhones(call.body);
  const fields = call.body as Partial<Customer>;
  const next = { ...customer, ...fields, version: customer.version + 1 };
  return call.world.putCustomer(named(fields, next), Object.keys(fields), AIKO.name);
}

function create(call: Call): Customer {
  checkPhones(call.body);
  const made = makeCustomer({ ...call.body, created_at: new Date().toISOString() });
  const customer = call.world.putCustomer(named({}, made), [], AIKO.name, true);
  const interaction = call.query.get('link_interaction');
  if (interaction) link(call.world, interaction, customer);
  return customer;
}

function comment({ world, ids, body }: Call) {
  const made = {
    id: newId(),
    text: String(body.text),
    author_name: AIKO.name,
    at: new Date().toISOString(),
  };
  for (const interaction of [...world.journeys.values()].flat()) {
    const activity = interaction.activities.find((one) => one.id === ids[0]);
    if (!activity) continue;
    activity.comments = [...activity.comments, made];
    world.tell('comment.added', {
      activity_id: activity.id,
      interaction_id: interaction.id,
      customer_id: interaction.customer_id,
      comment: made,
    });
  }
  return made;
}

function signIn({ world, body }: Call) {
  if (body.password === 'wrong')
    throw new Refusal(401, 'credentials', 'The e-mail address or the password is not right.');
  world.user = body.email === ADA.email ? ADA : AIKO;
  world.desk = { ...world.desk, user: world.user };
  return { user: world.user };
}

function cti(world: World, loggedIn: boolean) {
  const state = loggedIn ? ('ready' as const) : ('logged_out' as const);
  const since = loggedIn ? new Date().toISOString() : null;
  world.tell('cti.changed', { cti: { logged_in: loggedIn, state, since } });
  return world.desk.cti;
}

const done =
  (act: (call: Call) => void): Handler =>
  (call) => {
    act(call);
    return NOTHING;
  };

/** Method and path of each call, `*` for an id. */
export const ROUTES: [string, string, Handler][] = [
  ['POST', '/auth/login', signIn],
  [
    'POST',
    '/auth/logout',
    done(({ world }) => {
      world.user = null;
    }),
  ],
  ['GET', '/auth/session', ({ world }) => ({ user: world.user })],
  ['GET', '/desk/snapshot', ({ world }) => world.desk],
  [
    'GET',
    '/events',
    ({ world, query, response }) => {
      world.follow(response, Number(query.get('after')));
      return STREAM;
    },
  ],
  ['POST', '/desk/cti/login', ({ world }) => cti(world, true)],
  ['POST', '/desk/cti/logout', ({ world }) => cti(world, false)],
  [
    'PUT',
    '/desk/preferences/*',
    done(({ world, ids, body }) => {
      if (world.user)
        world.user.preferences = {
          ...world.user.preferences,
          [ids[0] ?? '']: body.value as never,
        };
    }),
  ],
  [
    'POST',
    '/desk/customers/*/open',
    done((call) =>
      call.world.tell('desk.customer_opened', {
        open: {
          customer: summaryOf(customerOf(call)),
          opened_at: new Date().toISOString(),
          by: 'choice',
        },
      }),
    ),
  ],
  [
    'POST',
    '/desk/customers/*/close',
    done((call) =>
      call.world.tell('desk.customer_closed', { customer: summaryOf(customerOf(call)) }),
    ),
  ],
  ['POST', '/desk/calls/*/finish', done(({ world, ids }) => close(world, 'finished', ids[0]))],
  ['GET', '/customers', search],
  ['POST', '/customers', create],
  ['GET', '/customers/*', customerOf],
  ['PATCH', '/customers/*', patch],
  ['GET', '/customers/*/journey', journey],
  ['GET', '/customers/*/requests', () => ({ position: 0, items: [], total: 0 })],
  ['GET', '/request-types', () => ({ types: [], fields: [] })],
  [
    'PATCH',
    '/interactions/*',
    done(({ world, ids, body }) => {
      const customer = world.customers.get(String(body.customer_id));
      if (customer) link(world, ids[0] ?? '', customer);
    }),
  ],
  ['POST', '/activities/*/comments', comment],
  ['GET', '/wrap-up-codes', () => ({ items: CODES })],
  ['GET', '/users', () => ({ items: USERS })],
];

/** What a test or a person tells the pretended telephone system: POST /mock/NAME. */
export const CONTROLS: Record<string, (world: World, body: Record<string, unknown>) => unknown> = {
  ring: (world, body) => ring(world, body as CallScript),
  answer: (world) => answer(world),
  hold: (world) => hold(world),
  hangup: (world) => hangUp(world),
  missed: (world) => close(world, 'missed'),
  cut: (world) => world.cutStreams(),
  down: (world) => {
    world.down = true;
    world.cutStreams();
  },
  up: (world) => {
    world.down = false;
  },
  edit: (world, body) => {
    const customer = [...world.customers.values()].find(
      (one) => one.display_name === body.customer,
    );
    if (!customer) return;
    const fields = body.fields as Partial<Customer>;
    world.putCustomer(
      named(fields, { ...customer, ...fields, version: customer.version + 1 }),
      Object.keys(fields),
      'Sven Lindqvist',
    );
  },
};
