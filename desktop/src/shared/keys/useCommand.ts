import { useEffect, useRef } from 'react';
import { createStore, useStore } from '../store/store.ts';
import { COMMANDS, type CommandId, isSingleKey, matches } from './commands.ts';

interface Handler {
  id: CommandId;
  run: () => void;
}

const handlers = createStore<readonly Handler[]>([]);

/** Whether shortcuts of one character are on; some speech input turns words into such keys. */
export const singleKeysStore = createStore(true);

/** Makes a command available while the caller is mounted and `enabled`; the latest caller wins. */
export function useCommand(id: CommandId, run: () => void, enabled = true): void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    if (!enabled) return;
    const handler: Handler = { id, run: () => latest.current() };
    handlers.set((all) => [...all, handler]);
    return () => handlers.set((all) => all.filter((one) => one !== handler));
  }, [id, enabled]);
}

/** Runs a command if somebody offers it now. Says whether. */
export function runCommand(id: CommandId): boolean {
  const handler = handlers.get().findLast((one) => one.id === id);
  handler?.run();
  return handler !== undefined;
}

/** The commands that would do something now. */
export function useAvailableCommands(): CommandId[] {
  const all = useStore(handlers, (known) => known);
  return (Object.keys(COMMANDS) as CommandId[]).filter((id) => all.some((one) => one.id === id));
}

/** Whether what a person types now goes into this element. */
export function isEditable(element: Element | null): boolean {
  if (!(element instanceof HTMLElement)) return false;
  if (element.isContentEditable) return true;
  if (element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement) return true;
  return (
    element instanceof HTMLInputElement &&
    !['checkbox', 'radio', 'button', 'submit', 'range'].includes(element.type)
  );
}

// What ends the form that somebody is writing in: the form of that text field takes the key itself, no other one may.
const YIELDS_TO_TEXT: ReadonlySet<CommandId> = new Set(['call.finish']);

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const target = event.target instanceof Element ? event.target : null;
  const inDialog = target?.closest('[role="dialog"]') != null;
  for (const { id } of handlers.get().toReversed()) {
    const { keys } = COMMANDS[id];
    if (keys === null || !matches(keys, event)) continue;
    if (inDialog && id !== 'palette.open') continue;
    if (isSingleKey(keys) && (isEditable(target) || !singleKeysStore.get())) continue;
    if (YIELDS_TO_TEXT.has(id) && isEditable(target)) continue;
    event.preventDefault();
    runCommand(id);
    return;
  }
}

/** Listens for shortcuts; once, by the shell. */
export function useShortcuts(): void {
  useEffect(() => {
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
}
