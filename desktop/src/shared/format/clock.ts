import { useSyncExternalStore } from 'react';

/** How far the server's clock is ahead of this machine's, in ms; call timers count in server time. */
let skewMs = 0;

/**
 * Learns the skew from a response's Date header, which has a resolution of 1 s: smaller
 * differences are noise and would make timers jump, so they are left alone.
 */
export function observeServerDate(date: string | null): void {
  if (date === null) return;
  const server = Date.parse(date);
  if (Number.isNaN(server)) return;
  const difference = server + 500 - Date.now();
  skewMs = Math.abs(difference) < 1500 ? 0 : difference;
}

export function serverNow(): number {
  return Date.now() + skewMs;
}

/** One interval for everybody who shows a running time, alive only while somebody does. */
function ticker(periodMs: number) {
  const listeners = new Set<() => void>();
  let handle: ReturnType<typeof setInterval> | undefined;
  let current = serverNow();
  const tick = () => {
    current = serverNow();
    for (const listener of listeners) listener();
  };
  return {
    subscribe(listener: () => void) {
      if (listeners.size === 0) {
        current = serverNow();
        handle = setInterval(tick, periodMs);
      }
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) clearInterval(handle);
      };
    },
    read: () => current,
  };
}

const seconds = ticker(1_000);
// Relative times ("5 minutes ago") need no finer step than half of their smallest unit.
const halfMinutes = ticker(30_000);

/** Server time in ms, renewed every second. */
export function useSeconds(): number {
  return useSyncExternalStore(seconds.subscribe, seconds.read);
}

/** Server time in ms, renewed every half minute. */
export function useMinutes(): number {
  return useSyncExternalStore(halfMinutes.subscribe, halfMinutes.read);
}
