import { API_BASE, queryString } from '../api/client.ts';
import { type ApiProblem, problemFrom } from '../api/problem.ts';
import type { LiveEvent } from './events.ts';
import { createSseParser } from './sse.ts';

// The server pings every 15 s; two missed pings and some slack mean that the line is dead (a
// laptop that slept, a proxy that forgot us) although the socket still looks open.
const SILENCE_MS = 35_000;
const WATCH_MS = 5_000;
// The first try comes at once-ish, since most cuts are short; then slower, so that a thousand
// desks do not storm a server that is coming back. Half of each wait is random for the same reason.
const BACK_OFF_MS = [250, 1_000, 2_000, 5_000, 10_000, 15_000];

export type StreamStatus = 'connecting' | 'live' | 'lost';

export interface StreamHandlers {
  /** The position of the last event known, asked at every (re)connect. */
  position(): number;
  /** What is heard beside the own desk, with commas between; asked at every (re)connect. */
  topics(): string;
  onEvent(event: LiveEvent): void;
  /** `cause` says why a stream was lost; undefined when the server simply ended it. */
  onStatus(status: StreamStatus, cause?: unknown): void;
  /** The server no longer has the events after our position (410): state must be loaded anew. */
  onGap(): Promise<void>;
  /** The server refused us for good (401 or 403); the stream has stopped. */
  onRefused(problem: ApiProblem): void;
}

export interface OpenStream {
  stop(): void;
  /** Connect anew at once, from the last position on: nothing is missed. */
  renew(): void;
}

/** Keeps one event stream open for as long as the page lives. */
export function openStream(handlers: StreamHandlers): OpenStream {
  let stopped = false;
  let attempt = 0;
  let switching = false;
  let lastByteAt = Date.now();
  let connection = new AbortController();
  let wake: () => void = () => undefined;

  async function read(body: ReadableStream<Uint8Array>): Promise<void> {
    const reader = body.pipeThrough(new TextDecoderStream() as TransformStream).getReader();
    const feed = createSseParser((message) => {
      handlers.onEvent(JSON.parse(message.data) as LiveEvent);
    });
    for (;;) {
      const { done, value } = (await reader.read()) as { done: boolean; value?: string };
      if (done) return;
      lastByteAt = Date.now();
      attempt = 0;
      if (value) feed(value);
    }
  }

  async function connect(): Promise<void> {
    connection = new AbortController();
    lastByteAt = Date.now();
    const query = queryString({ after: handlers.position(), topics: handlers.topics() });
    const response = await fetch(`${API_BASE}/events${query}`, {
      headers: { Accept: 'text/event-stream' },
      credentials: 'same-origin',
      cache: 'no-store',
      signal: connection.signal,
    });
    if (response.status === 410) {
      await response.body?.cancel();
      await handlers.onGap();
      return;
    }
    if (!response.ok || !response.body) {
      const problem = await problemFrom(response);
      if (problem.status === 401 || problem.status === 403) {
        stopped = true;
        handlers.onRefused(problem);
      }
      throw problem;
    }
    handlers.onStatus('live');
    await read(response.body);
  }

  function pause(): Promise<void> {
    const cap = BACK_OFF_MS[Math.min(attempt, BACK_OFF_MS.length - 1)] ?? 0;
    attempt += 1;
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, cap / 2 + (Math.random() * cap) / 2);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async function run(): Promise<void> {
    handlers.onStatus('connecting');
    while (!stopped) {
      let cause: unknown;
      try {
        await connect();
      } catch (error) {
        cause = error;
      }
      if (stopped) return;
      if (switching) {
        // Our own wish, not a loss: nobody need be told of the moment in between.
        switching = false;
        continue;
      }
      handlers.onStatus('lost', cause);
      await pause();
    }
  }

  const renew = () => {
    connection.abort();
    attempt = 0;
    wake();
  };
  const watch = setInterval(() => {
    if (Date.now() - lastByteAt > SILENCE_MS) renew();
  }, WATCH_MS);
  const onVisible = () => {
    // Timers of a sleeping machine or a hidden tab stand still; look as soon as it is seen again.
    if (document.visibilityState === 'visible' && Date.now() - lastByteAt > SILENCE_MS) renew();
  };
  window.addEventListener('online', renew);
  document.addEventListener('visibilitychange', onVisible);
  void run();

  return {
    renew: () => {
      switching = true;
      renew();
    },
    stop: () => {
      stopped = true;
      clearInterval(watch);
      window.removeEventListener('online', renew);
      document.removeEventListener('visibilitychange', onVisible);
      connection.abort();
      wake();
    },
  };
}
