import { api } from './api/client.ts';
import type { Json } from './api/types.ts';
import { NOT_YET_SAVED, reportProblem } from './ui/notices.ts';

// Dragging a divider or the edge of a column changes a layout with every pixel; the server needs only where it stopped.
const SAVE_AFTER_MS = 600;

const waiting = new Map<string, { value: Json; timer: ReturnType<typeof setTimeout> }>();

function send(key: string, keepalive: boolean): void {
  const one = waiting.get(key);
  if (!one) return;
  clearTimeout(one.timer);
  waiting.delete(key);
  api
    .put<void>(`/desk/preferences/${encodeURIComponent(key)}`, one.value, { keepalive })
    .catch(reportProblem(NOT_YET_SAVED));
}

/** Stores a preference of the signed-in user once it has come to rest, or when the page is left before that. */
export function rememberLater(key: string, value: Json): void {
  clearTimeout(waiting.get(key)?.timer);
  waiting.set(key, { value, timer: setTimeout(() => send(key, false), SAVE_AFTER_MS) });
}

/** Whether a preference was changed here and not sent yet: then what is told of it is older. */
export function isWaiting(key: string): boolean {
  return waiting.has(key);
}

// The browser finishes what is marked so although the page goes.
window.addEventListener('pagehide', () => {
  for (const key of [...waiting.keys()]) send(key, true);
});
