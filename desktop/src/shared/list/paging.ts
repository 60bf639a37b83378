interface Paging {
  page: number;
  pageSize: number;
  /** How many rows the page has. */
  shown: number;
  total: number;
  /** Whether the total is the planner's guess rather than a count. */
  estimated: boolean;
}

/** How many pages there are; an empty list has one. */
export function pageCount(total: number, pageSize: number): number {
  return Math.max(1, Math.ceil(total / pageSize));
}

/** Whether another page follows. A guessed total may be too small: then a full page has a next one. */
export function hasNext({ page, pageSize, shown, total, estimated }: Paging): boolean {
  if (shown < pageSize) return false;
  return estimated || page * pageSize < total;
}

/** The page that somebody typed, no farther than the last one; null when it is no page. */
export function pageFrom(typed: string, pages: number): number | null {
  // Japanese keyboards type full-width figures.
  const figures = typed.normalize('NFKC').trim();
  if (!/^\d{1,9}$/.test(figures) || Number(figures) === 0) return null;
  return Math.min(Number(figures), pages);
}
