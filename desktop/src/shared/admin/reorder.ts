/** `ids` with one of them moved to a place (0: the first); the same array if it stands there. */
export function moved(ids: readonly string[], id: string, place: number): readonly string[] {
  const from = ids.indexOf(id);
  const to = Math.min(Math.max(place, 0), ids.length - 1);
  if (from < 0 || from === to) return ids;
  const others = ids.filter((one) => one !== id);
  return [...others.slice(0, to), id, ...others.slice(to)];
}

/** The place that `id` gets when it is dropped on the upper or lower half of `target`. */
export function dropPlace(
  ids: readonly string[],
  id: string,
  target: string,
  half: 'upper' | 'lower',
): number {
  const gap = ids.indexOf(target) + (half === 'lower' ? 1 : 0);
  // Whoever moves down leaves a gap behind, which closes.
  return ids.indexOf(id) < gap ? gap - 1 : gap;
}
