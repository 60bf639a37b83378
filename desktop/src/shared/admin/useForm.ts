import { createStore, useStore } from '../store/store.ts';

type Values = Readonly<Record<string, unknown>>;

/** What was typed into a form, and what stood there when the typing began. */
interface Written {
  typed: Values;
  base: Values;
}

/** What was typed into forms and not saved, by the form's name; kept while one looks elsewhere. */
const written = createStore<Readonly<Record<string, Written>>>({});

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function put(name: string, next: Written | null): void {
  written.set((all) => {
    const { [name]: _before, ...others } = all;
    return next ? { ...others, [name]: next } : others;
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

export interface Form<Fields> {
  values: Fields;
  changed: Partial<Fields>;
  isChanged: boolean;
  overtaken: readonly string[];
  set(change: Partial<Fields>): void;
  reset(): void;
}

/**
 * The values of a form: the stored ones with what was typed over them. `changed` holds only what
 * differs from the stored values, so that a change by somebody else to another field stays;
 * `overtaken` names the fields that somebody else changed after one began to type in them.
 */
export function useForm<Fields extends object>(name: string, stored: Fields): Form<Fields> {
  const known = useStore(written, (all) => all[name]);
  const typed = known?.typed as Partial<Fields> | undefined;
  const current = stored as Values;
  const values: Fields = { ...stored, ...typed };
  const set = (change: Partial<Fields>) => {
    const before = written.get()[name];
    const next = Object.entries({ ...before?.typed, ...change }).filter(
      ([field, value]) => !same(value, current[field]),
    );
    const base = Object.fromEntries(
      next.map(([field]) => [
        field,
        before && field in before.base ? before.base[field] : current[field],
      ]),
    );
    put(name, next.length > 0 ? { typed: Object.fromEntries(next), base } : null);
  };
  return {
    values,
    changed: typed ?? {},
    isChanged: typed !== undefined,
    overtaken: Object.keys(known?.base ?? {}).filter(
      (field) => !same(known?.base[field], current[field]),
    ),
    set,
    reset: () => put(name, null),
  };
}
