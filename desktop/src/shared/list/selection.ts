import { createStore, type Store } from '../store/store.ts';

/** What is selected in a list: single rows, also of other pages, or everything that the question finds. */
export interface Selected {
  ids: ReadonlySet<string>;
  all: boolean;
}

export const NOTHING: Selected = { ids: new Set(), all: false };

/** The selection with a row put in or taken out; `page` are the rows on the screen. */
export function toggled(selected: Selected, id: string, page: readonly string[]): Selected {
  const ids = new Set(selected.all ? page : selected.ids);
  if (!ids.delete(id)) ids.add(id);
  return { ids, all: false };
}

/** The selection with every row of the page, or without them when all of them are in it. */
export function pageToggled(selected: Selected, page: readonly string[]): Selected {
  if (selected.all) return NOTHING;
  const ids = new Set(selected.ids);
  const whole = page.every((id) => ids.has(id));
  for (const id of page) {
    if (whole) ids.delete(id);
    else ids.add(id);
  }
  return { ids, all: false };
}

export type SelectionStore = Store<Selected>;
export const createSelection = (): SelectionStore => createStore(NOTHING);
