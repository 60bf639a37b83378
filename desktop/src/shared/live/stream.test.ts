import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LiveEvent } from './events.ts';
import { type OpenStream, openStream, type StreamHandlers, type StreamStatus } from './stream.ts';

/** One connection to the pretended server: what was asked, and a hand on the answer. */
interface Connection {
  url: string;
  signal: AbortSignal;
  send(text: string): void;
  end(): void;
  fail(status: number): void;
}

let connections: Connection[] = [];
let stream: OpenStream;

function pretendedFetch(url: string, init: RequestInit): Promise<Response> {
  return new Promise((resolve, reject) => {
    const signal = init.signal as AbortSignal;
    let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
    const open = () => {
      const body = new ReadableStream<Uint8Array>({
        start: (made) => {
          controller = made;
        },
      });
      resolve(new Response(body, { status: 200 }));
    };
    signal.addEventListener('abort', () => {
      controller?.error(new Error('aborted'));
      reject(new Error('aborted'));
    });
    connections.push({
      url,
      signal,
      send: (text) => {
        if (!controller) open();
        controller?.enqueue(new TextEncoder().encode(text));
      },
      end: () => {
        if (!controller) open();
        controller?.close();
      },
      fail: (status) => resolve(new Response('{"type":"x","title":"x"}', { status })),
    });
  });
}

function start(handlers: Partial<StreamHandlers> = {}) {
  const events: LiveEvent[] = [];
  const statuses: StreamStatus[] = [];
  let position = 5;
  stream = openStream({
    position: () => position,
    topics: () => '',
    onEvent: (event) => {
      events.push(event);
      position = event.pos;
    },
    onStatus: (status) => statuses.push(status),
    onGap: async () => {
      position = 100;
    },
    onRefused: () => undefined,
    ...handlers,
  });
  return { events, statuses };
}

const settle = () => vi.advanceTimersByTimeAsync(0);
const line = (pos: number) => `id: ${pos}\nevent: cti.changed\ndata: {"pos":${pos}}\n\n`;
const last = () => connections.at(-1) as Connection;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('fetch', pretendedFetch);
  connections = [];
});

afterEach(() => {
  stream.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('the event stream', () => {
  it('asks for what came after the position known, and hands on what comes', async () => {
    const { events, statuses } = start();
    expect(last().url).toBe('/api/v1/events?after=5');
    last().send(line(6) + line(7));
    await settle();
    expect(events.map((event) => event.pos)).toEqual([6, 7]);
    expect(statuses).toEqual(['connecting', 'live']);
  });

  it('goes on after the last event when it was cut', async () => {
    const { statuses } = start();
    last().send(line(6));
    await settle();
    last().end();
    await settle();
    expect(statuses.at(-1)).toBe('lost');
    await vi.advanceTimersByTimeAsync(250);
    expect(last().url).toBe('/api/v1/events?after=6');
    last().send(': ping\n\n');
    await settle();
    expect(statuses.at(-1)).toBe('live');
  });

  it('loads the state anew when the server has forgotten the position', async () => {
    start();
    last().fail(410);
    await vi.advanceTimersByTimeAsync(250);
    expect(last().url).toBe('/api/v1/events?after=100');
  });

  it('waits longer after every failure, never longer than 15 s', async () => {
    start();
    for (let failures = 0; failures < 8; failures += 1) {
      last().fail(503);
      await vi.advanceTimersByTimeAsync(15_000);
    }
    expect(connections.length).toBe(9);
    last().fail(503);
    // At least half of the longest wait.
    await vi.advanceTimersByTimeAsync(7_400);
    expect(connections.length).toBe(9);
  });

  it('tries at once when the network is back', async () => {
    start();
    for (let failures = 0; failures < 6; failures += 1) {
      last().fail(503);
      await vi.advanceTimersByTimeAsync(15_000);
    }
    last().fail(503);
    await settle();
    const before = connections.length;
    window.dispatchEvent(new Event('online'));
    await settle();
    expect(connections.length).toBe(before + 1);
  });

  it('takes a silence of more than two pings for a dead line', async () => {
    start();
    last().send(': ping\n\n');
    await settle();
    await vi.advanceTimersByTimeAsync(34_000);
    expect(connections.length).toBe(1);
    await vi.advanceTimersByTimeAsync(12_000);
    expect(connections[0]?.signal.aborted).toBe(true);
    expect(connections.length).toBeGreaterThan(1);
  });

  it('lives on pings alone', async () => {
    start();
    for (let pings = 0; pings < 10; pings += 1) {
      last().send(': ping\n\n');
      await vi.advanceTimersByTimeAsync(15_000);
    }
    expect(connections.length).toBe(1);
  });

  it.each([401, 403])('stops for good when refused with %i', async (status) => {
    const refused = vi.fn();
    start({ onRefused: refused });
    last().fail(status);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(refused).toHaveBeenCalledOnce();
    expect(connections.length).toBe(1);
  });

  it('changes its connection when asked without saying that it was lost', async () => {
    const { statuses } = start();
    last().send(line(6));
    await settle();
    stream.renew();
    await settle();
    expect(connections.length).toBe(2);
    expect(last().url).toBe('/api/v1/events?after=6');
    expect(statuses).toEqual(['connecting', 'live']);
  });

  it('closes its connection when stopped', async () => {
    start();
    last().send(': ping\n\n');
    await settle();
    stream.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(connections.length).toBe(1);
    expect(last().signal.aborted).toBe(true);
  });
});
