import { useState } from 'react';
import { reportProblem } from '../ui/notices.ts';

/**
 * A list in the order that was just asked for, until the answer is there and the list itself has it.
 * Those that `ids` does not name (they are out of use) come last.
 */
export function useOrder<Item>(
  items: readonly Item[] | undefined,
  idOf: (item: Item) => string,
  send: (ids: string[]) => Promise<unknown>,
) {
  const [asked, setAsked] = useState<readonly string[] | null>(null);
  const order = (ids: readonly string[]) => {
    setAsked(ids);
    send([...ids])
      .catch(reportProblem('notice.orderNotSaved'))
      .finally(() => setAsked(null));
  };
  if (!items || !asked) return { items, order };
  const place = (item: Item) => {
    const at = asked.indexOf(idOf(item));
    return at < 0 ? asked.length : at;
  };
  return { items: [...items].sort((a, b) => place(a) - place(b)), order };
}
