import { ApiProblem, networkProblem } from '../api/problem.ts';
import { createStore } from '../store/store.ts';

/** Something that happened away from where the person is looking. */
export interface Notice {
  id: number;
  key: NoticeKey;
  problem: ApiProblem | null;
  /** What the text names. */
  values: Readonly<Record<string, string>>;
  /** What can be done about it at once. */
  action: NoticeAction | null;
  /** Stays until somebody dismisses it or acts on it: what it names would be lost with it. */
  lasting: boolean;
}

export interface NoticeAction {
  key: 'common.undo' | 'common.open' | 'common.tryAgain';
  run: () => void;
}

export const NOT_YET_SAVED = 'notice.preferenceNotSaved';
export type NoticeKey =
  | typeof NOT_YET_SAVED
  | 'notice.notOpened'
  | 'notice.notClosed'
  | 'notice.ctiFailed'
  | 'notice.copied'
  | 'notice.importNotStopped'
  | 'notice.identityNotSaved'
  | 'notice.journeyStale'
  | 'notice.linked'
  | 'notice.wrapUpNotSaved'
  | 'notice.entryNotSaved'
  | 'notice.moved'
  | 'notice.movedBack'
  | 'notice.notMoved'
  | 'notice.choiceStands'
  | 'notice.requestNotSaved'
  | 'notice.merged'
  | 'notice.mergedByOther'
  | 'notice.unmerged'
  | 'notice.notUndone'
  | 'notice.notDuplicate'
  | 'notice.notDecided'
  | 'notice.orderNotSaved'
  | 'notice.bulkEditFailed'
  | 'notice.viewNotSaved'
  | 'notice.requestDiscarded'
  | 'notice.notEnded'
  | 'notice.notBegun'
  | 'notice.notAccepted'
  | 'notice.handedOver';

// Long enough to read two lines; a pointer or the focus on it holds it (WCAG 2.2.1).
export const NOTICE_MS = 8_000;
// An undo is offered a little longer (ui.md).
export const ACT_MS = 10_000;

export const noticeStore = createStore<readonly Notice[]>([]);
let nextId = 1;

export function notify(
  key: NoticeKey,
  problem: ApiProblem | null = null,
  more: Partial<Pick<Notice, 'values' | 'action' | 'lasting'>> = {},
): void {
  const plain = { values: {}, action: null, lasting: false };
  const notice: Notice = { id: nextId++, key, problem, ...plain, ...more };
  noticeStore.set((notices) => [
    ...notices.filter((one) => one.key !== key || one.lasting),
    notice,
  ]);
}

export function dismiss(id: number): void {
  noticeStore.set((notices) => notices.filter((one) => one.id !== id));
}

/** A `catch` handler for acts whose place on the page has no room for an error. */
export function reportProblem(key: NoticeKey): (error: unknown) => void {
  return (error) => notify(key, error instanceof ApiProblem ? error : networkProblem(error));
}
