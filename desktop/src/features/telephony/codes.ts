import type { Uuid, WrapUpCode } from '../../shared/api/types.ts';
import { labelOf } from '../../shared/i18n/labels.ts';

const MOST_USED = 3;

/** The codes that people of a team may give on a channel (product.md 3.4). */
export function codesFor(
  codes: readonly WrapUpCode[],
  channel: string,
  team: Uuid | null,
): WrapUpCode[] {
  return codes.filter(
    (one) =>
      (one.channels.length === 0 || one.channels.some((wanted) => wanted === channel)) &&
      (one.teams.length === 0 || one.teams.some((wanted) => wanted === team)),
  );
}

/**
 * The codes to offer for what was typed: the three most used first (only those used at all),
 * the others as the administrators ordered them. Typing finds in label and code, ignoring case.
 */
export function arrangeCodes(codes: readonly WrapUpCode[], query: string) {
  const needle = query.trim().toLocaleLowerCase();
  const exact = codes.some((one) => labelOf(one) === query);
  const found = codes.filter(
    (one) =>
      one.active &&
      // The label of the chosen code stands in the field: reopening offers all again.
      (exact ||
        labelOf(one).toLocaleLowerCase().includes(needle) ||
        one.code.toLocaleLowerCase().includes(needle)),
  );
  const byUse = found.filter((one) => one.uses > 0).sort((a, b) => b.uses - a.uses);
  const used = byUse.slice(0, MOST_USED);
  const others = found.filter((one) => !used.includes(one));
  return { used, others };
}
