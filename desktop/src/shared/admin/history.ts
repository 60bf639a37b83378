import type { Json } from '../api/types.ts';

/** One value that an entry of the trail changed. */
export interface Difference {
  field: string;
  before: Json | undefined;
  after: Json | undefined;
}

/** The members in which two values differ, in the order of the later one; of those `inParts` their own members. */
export function differences(
  before: Json,
  after: Json,
  inParts: readonly string[] = [],
): Difference[] {
  if (!isObject(before) || !isObject(after)) return [];
  const fields = [...new Set([...Object.keys(after), ...Object.keys(before)])];
  return fields
    .filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]))
    .flatMap((field) =>
      inParts.includes(field)
        ? differences(before[field] ?? {}, after[field] ?? {})
        : { field, before: before[field], after: after[field] },
    );
}

function isObject(value: Json): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
