import { createStore, useStore } from '../store/store.ts';

/** What was typed into forms and not saved, by the form's name; kept while one looks elsewhere. */
const written = createStore<Readonly<Record<string, Readonly<Record<string, unknown>>>>>({});

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function put(name: string, values: Readonly<Record<string, unknown>>): void {
  written.set((all) => {
    const { [name]: _before, ...others } = all;
    return Object.keys(values).length === 0 ? others : { ...others, [name]: values };
  });
}

/** Whether any form holds something that is not saved. */
export function anyFormUnsaved(): boolean {
  return Object.keys(written.get()).length > 0;
}

/** The names of the forms that hold something. */
export function useUnsavedForms(): readonly string[] {
  return Object.keys(useStore(written, (all) => all));
}

/**
 * The values of a form: the stored ones with what was typed over them. `changed` holds only what
 * differs from the stored values, so that a change by somebody else to another field stays.
 */
export function useForm<Values extends object>(name: string, stored: Values) {
  const typed = useStore(written, (all) => all[name]) as Partial<Values> | undefined;
  const values: Values = { ...stored, ...typed };
  const set = (change: Partial<Values>) => {
    const next = Object.entries({ ...(written.get()[name] ?? {}), ...change }).filter(
      ([field, value]) => !same(value, (stored as Record<string, unknown>)[field]),
    );
    put(name, Object.fromEntries(next));
  };
  return {
    values,
    changed: typed ?? {},
    isChanged: typed !== undefined,
    set,
    reset: () => put(name, {}),
  };
}
