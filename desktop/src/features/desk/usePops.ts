import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useLocation } from 'wouter';
import type { CallView, DeskSnapshot, Uuid } from '../../shared/api/types.ts';
import { isEditable, useCommand } from '../../shared/keys/useCommand.ts';
import { liveStore, onLiveEvent } from '../../shared/live/live.ts';
import { NO_FILTER } from '../../shared/live/resources.ts';
import { createStore, useStore } from '../../shared/store/store.ts';
import { notify } from '../../shared/ui/notices.ts';
import { customerQuery } from '../customers/api.ts';
import { draftStore, hasUnsaved } from '../customers/drafts.ts';
import { followMerge, mergedStore } from '../customers/merging/live.ts';
import { wasErased } from '../customers/privacy/api.ts';
import { journeyQuery } from '../interactions/api.ts';
import { hasPart } from '../people/parts.ts';
import { newestCall, popActs } from './pop.ts';
import { deskRows, isPresent, neighbour } from './rows.ts';
import { callPath, customerPath, DESK_PATH, selectionOf } from './selection.ts';
import { whenDrawn } from './whenDrawn.ts';

interface Pops {
  /** Calls that came while something was being typed and were not looked at yet. */
  waiting: readonly Uuid[];
  /** The call that the live region speaks of. */
  announced: CallView | null;
}

export const popStore = createStore<Pops>({ waiting: [], announced: null });

export function useWaiting(activityId: Uuid | undefined): boolean {
  return useStore(
    popStore,
    (pops) => activityId !== undefined && pops.waiting.includes(activityId),
  );
}

/** Marks an element whose focused field means that a card is being written. */
export const EDITOR = { 'data-card-editor': true } as const;

function isTyping(path: string): boolean {
  const active = document.activeElement;
  if (isEditable(active) && active?.closest('[data-card-editor]')) return true;
  const selection = selectionOf(path);
  const drafts = draftStore.get();
  if (selection.kind === 'customer') return hasUnsaved(drafts, selection.id);
  if (selection.kind === 'none') return false;
  return drafts.created.some((one) => one.id === selection.id && one.written);
}

function forget(activityId: Uuid): void {
  popStore.set((pops) =>
    pops.waiting.includes(activityId)
      ? { ...pops, waiting: pops.waiting.filter((id) => id !== activityId) }
      : pops,
  );
}

/** The card shown went into another one: there, unless somebody types in it, who is told so and goes when done. */
function pathAfterMerge(path: string): string | undefined {
  const selection = selectionOf(path);
  if (selection.kind !== 'customer' || !mergedStore.get()[selection.id]) return undefined;
  if (isTyping(path)) return path;
  const into = followMerge(selection.id);
  if (!into) return undefined;
  if (into.byName !== liveStore.get().state?.desk.user.name) {
    notify('notice.mergedByOther', null, { values: { name: into.name } });
  }
  return customerPath(into.id);
}

/**
 * Where to go when what is shown is gone: back to what was shown before a pop took its place,
 * else to the row that moved up.
 */
function pathAfter(before: DeskSnapshot, path: string, cameFrom: string | undefined) {
  const after = liveStore.get().state?.desk;
  if (!after) return path;
  // What is left of an erased customer stays on the screen: it says what happened.
  const selection = selectionOf(path);
  if (selection.kind === 'customer' && wasErased(selection.id)) return path;
  const merged = pathAfterMerge(path);
  if (merged) return merged;
  const drafts = draftStore.get();
  const rowsBefore = deskRows(before, drafts);
  const rows = deskRows(after, drafts);
  if (!isPresent(rowsBefore, path) || isPresent(rows, path)) return path;
  if (cameFrom && (cameFrom === DESK_PATH || isPresent(rows, cameFrom))) return cameFrom;
  return neighbour(rowsBefore, rows, path)?.path ?? DESK_PATH;
}

/** Follows the calls of this desk and opens, announces or marks them. Once, in the shell. */
export function usePops(): void {
  const client = useQueryClient();
  const [path, navigate] = useLocation();
  const shown = useRef(path);
  useEffect(() => {
    shown.current = path;
    const call = liveStore.get().state?.desk.calls.find((one) => callPath(one) === path);
    if (call) forget(call.activity_id);
  }, [path]);

  useEffect(() => {
    // After a reload in the middle of a call the desk shows that call again.
    const desk = liveStore.get().state?.desk;
    const call = desk && newestCall(desk.calls, []);
    if (call && ['/', DESK_PATH].includes(shown.current))
      navigate(callPath(call), { replace: true });
  }, [navigate]);

  useEffect(() => {
    const cameFrom = new Map<string, string>();
    const show = (target: string) => {
      if (target === shown.current) return;
      cameFrom.set(target, shown.current);
      shown.current = target;
      navigate(target);
    };
    return onLiveEvent((event, before) => {
      if (event.type === 'call.changed' && event.payload.call.customer) {
        // Fetched while it rings, also when its card stays closed: opening it is then instant.
        const { id } = event.payload.call.customer;
        if (hasPart('card')) void client.prefetchQuery(customerQuery(id));
        if (hasPart('journey')) void client.prefetchInfiniteQuery(journeyQuery(id, NO_FILTER));
      }
      const attention = { path: shown.current, typing: isTyping(shown.current) };
      for (const act of popActs(before.desk, event, attention)) {
        if (act.act === 'show') show(act.path);
        else if (act.act === 'forget') forget(act.activityId);
        else if (act.act === 'announce') popStore.set((pops) => ({ ...pops, announced: act.call }));
        else popStore.set((pops) => ({ ...pops, waiting: [...pops.waiting, act.activityId] }));
      }
      show(pathAfter(before.desk, shown.current, cameFrom.get(shown.current)));
    });
  }, [client, navigate]);

  useCommand('call.newest', () => {
    const calls = liveStore.get().state?.desk.calls ?? [];
    const call = newestCall(calls, popStore.get().waiting);
    if (!call) return;
    navigate(callPath(call));
    whenDrawn('[data-work-start]', (target) => target.focus());
  });
}
