import { api, signedOut } from '../api/client.ts';
import type { ApiProblem } from '../api/problem.ts';
import type { DeskSnapshot, Uuid } from '../api/types.ts';
import { serverNow } from '../format/clock.ts';
import { createStore, useStore } from '../store/store.ts';
import type { LiveEvent } from './events.ts';
import { apply, fromSnapshot, type LiveState } from './reducer.ts';
import { openStream, type StreamStatus } from './stream.ts';

export interface Connection {
  status: StreamStatus;
  /** Server time in ms of the last moment at which what is shown was known to be current. */
  currentAt: number;
  /** Why the stream was lost last; undefined while it is not. */
  cause: unknown;
}

export interface LiveSession {
  state: LiveState | null;
  failure: ApiProblem | null;
}

// Enough to bring any answer that was on its way while events arrived up to date.
const REMEMBERED_EVENTS = 500;

const NOT_CONNECTED: Connection = { status: 'connecting', currentAt: 0, cause: undefined };

export const liveStore = createStore<LiveSession>({ state: null, failure: null });
export const connectionStore = createStore<Connection>(NOT_CONNECTED);

type Listener = (event: LiveEvent, before: LiveState) => void;
const listeners = new Set<Listener>();
const reloadListeners = new Set<() => void>();
let recent: LiveEvent[] = [];

/** Follows single events, after the desk's state has taken them in. Returns how to stop. */
export function onLiveEvent(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Called when the whole state was loaded anew: whatever else was fetched may be stale. */
export function onReload(listener: () => void): () => void {
  reloadListeners.add(listener);
  return () => reloadListeners.delete(listener);
}

const topics = new Map<string, number>();
let renewStream: () => void = () => undefined;

/** Hears a topic beside the own desk for as long as somebody wants it. Returns how to stop. */
export function listenTo(topic: string): () => void {
  const wanted = topics.get(topic) ?? 0;
  topics.set(topic, wanted + 1);
  if (wanted === 0) renewStream();
  return () => {
    const left = (topics.get(topic) ?? 1) - 1;
    // The stream goes on hearing it until it connects anew: that costs less than a new connection.
    if (left === 0) topics.delete(topic);
    else topics.set(topic, left);
  };
}

/** The events after a position, for answers that are current to an earlier one. */
export function eventsSince(position: number): LiveEvent[] {
  return recent.filter((event) => event.pos > position);
}

/**
 * An answer without a position of its own, brought up to date: what the stream told while it was on
 * its way is applied to it. Without that a change that overtakes the answer would be lost.
 */
export async function withEventsMeanwhile<Answer>(
  answer: () => Promise<Answer>,
  applyEvent: (known: Answer, event: LiveEvent) => Answer,
): Promise<Answer> {
  const asked = liveStore.get().state?.desk.position ?? 0;
  const known = await answer();
  return eventsSince(asked).reduce(applyEvent, known);
}

/** The position from which the stream tells of a customer; 0 when no event said that it was opened. */
export function openedSince(customerId: Uuid): number {
  const opened = recent.findLast(
    (event) =>
      event.type === 'desk.customer_opened' && event.payload.open.customer.id === customerId,
  );
  return opened?.pos ?? 0;
}

function take(event: LiveEvent): void {
  const before = liveStore.get().state;
  if (!before) return;
  const state = apply(before, event);
  if (state === before) return;
  recent = [...recent.slice(1 - REMEMBERED_EVENTS), event];
  liveStore.set({ state, failure: null });
  for (const listener of [...listeners]) {
    try {
      listener(event, before);
    } catch (error) {
      // A defect in one follower must neither cut the stream nor keep the event from the others.
      reportError(error);
    }
  }
}

async function load(): Promise<void> {
  const snapshot = await api.get<DeskSnapshot>('/desk/snapshot');
  recent = [];
  liveStore.set({ state: fromSnapshot(snapshot), failure: null });
}

function setStatus(status: StreamStatus, cause?: unknown): void {
  connectionStore.set((known) => ({
    status,
    cause,
    currentAt: known.status === 'live' || status === 'live' ? serverNow() : known.currentAt,
  }));
}

/** Loads the snapshot, then follows the events. Returns how to stop. */
export function startLive(): () => void {
  let stop: () => void = () => undefined;
  let cancelled = false;
  const begin = async () => {
    try {
      await load();
    } catch (error) {
      liveStore.set({ state: null, failure: error as ApiProblem });
      return;
    }
    if (cancelled) return;
    const stream = openStream({
      topics: () => [...topics.keys()].join(','),
      position: () => liveStore.get().state?.desk.position ?? 0,
      onEvent: take,
      onStatus: setStatus,
      onGap: async () => {
        await load();
        for (const listener of [...reloadListeners]) listener();
      },
      onRefused: (failure) => {
        if (failure.status === 401) signedOut();
        else liveStore.set((known) => ({ ...known, failure }));
      },
    });
    stop = stream.stop;
    renewStream = stream.renew;
  };
  void begin();
  return () => {
    cancelled = true;
    renewStream = () => undefined;
    stop();
    liveStore.set({ state: null, failure: null });
    connectionStore.set(NOT_CONNECTED);
  };
}

/** Follows a part of the desk; only under the shell, which renders nothing before the snapshot. */
export function useDesk<Part>(select: (desk: LiveState['desk']) => Part): Part {
  return useStore(liveStore, ({ state }) => {
    if (!state) throw new Error('The desk was read before its snapshot came.');
    return select(state.desk);
  });
}

/** The position of the last change by somebody else, or 0; see LiveState.touched. */
export function useTouched(key: string): number {
  return useStore(liveStore, ({ state }) => state?.touched[key] ?? 0);
}

export function useConnection(): Connection {
  return useStore(connectionStore, (connection) => connection);
}

/** Whether what one saves now has a chance to arrive. */
export function useOnline(): boolean {
  return useStore(connectionStore, (connection) => connection.status === 'live');
}
