import type { ServerResponse } from 'node:http';
import type { Customer, DeskSnapshot, Interaction, Me } from '../src/shared/api/types.ts';
import type { LiveEvent, LiveEventType } from '../src/shared/live/events.ts';
import { apply, fromSnapshot, summaryOf } from '../src/shared/live/reducer.ts';
import { AIKO, ago, CODES, CUSTOMERS } from './data.ts';
import { JOURNEYS } from './history.ts';

type Payload<Type extends LiveEventType> = (LiveEvent & { type: Type })['payload'];

/** The whole of the pretended server: one desk, its customers, one event log. */
export class World {
  user: Me | null = null;
  /** When true, every request fails as if the server were gone; for looking at that state. */
  down = false;
  readonly customers = new Map<string, Customer>(CUSTOMERS.map((one) => [one.id, one]));
  readonly journeys = JOURNEYS;
  desk: DeskSnapshot;
  private log: LiveEvent[] = [];
  private readonly streams = new Set<ServerResponse>();

  constructor() {
    const open = [CUSTOMERS[1], CUSTOMERS[3]].flatMap((one) => (one ? [one] : []));
    this.desk = {
      position: 1000,
      user: AIKO,
      cti: { logged_in: false, state: 'logged_out', since: null },
      calls: [],
      open: open.map((one) => ({ customer: summaryOf(one), opened_at: ago(60_000), by: 'choice' })),
      previous: CUSTOMERS.slice(4, 6).map(summaryOf),
      wrap_up_codes: CODES,
      settings: { default_region: 'SE', pop_at: 'ringing' },
    };
  }

  /** Logs a fact, applies it to the desk as the page will, and tells every stream. */
  tell<Type extends LiveEventType>(type: Type, payload: Payload<Type>): void {
    const pos = this.desk.position + 1;
    const event = { pos, type, at: new Date().toISOString(), payload } as unknown as LiveEvent;
    this.desk = apply(fromSnapshot(this.desk), event).desk;
    this.log = [...this.log.slice(-500), event];
    for (const stream of this.streams) stream.write(World.frame(event));
  }

  follow(response: ServerResponse, after: number): void {
    const oldest = this.log[0]?.pos ?? this.desk.position + 1;
    if (after < oldest - 1) {
      response.writeHead(410, { 'Content-Type': 'application/problem+json' });
      response.end(JSON.stringify({ type: 'gap', title: 'Gap', status: 410 }));
      return;
    }
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    response.write(': ping\n\n');
    for (const event of this.log.filter((one) => one.pos > after)) {
      response.write(World.frame(event));
    }
    this.streams.add(response);
    const ping = setInterval(() => response.write(': ping\n\n'), 15_000);
    response.on('close', () => {
      clearInterval(ping);
      this.streams.delete(response);
    });
  }

  cutStreams(): void {
    for (const stream of this.streams) stream.destroy();
  }

  putCustomer(customer: Customer, changed: string[], byName: string, created = false): Customer {
    this.customers.set(customer.id, customer);
    this.tell(created ? 'customer.created' : 'customer.changed', {
      customer,
      changed,
      by_name: byName,
    });
    return customer;
  }

  journeyOf(customerId: string): Interaction[] {
    const known = this.journeys.get(customerId) ?? [];
    this.journeys.set(customerId, known);
    return known;
  }

  findInteraction(id: string): Interaction | undefined {
    return [...this.journeys.values()].flat().find((one) => one.id === id);
  }

  private static frame(event: LiveEvent): string {
    return `id: ${event.pos}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
  }
}
