import type { Part } from '../../shared/api/types.ts';
import { liveStore, useDesk } from '../../shared/live/live.ts';

/** Whether the signed-in person works with a part of the desktop; it goes and comes as administrators switch it. */
export function usePart(part: Part): boolean {
  return useDesk((desk) => !desk.user.switched_off.includes(part));
}

export function hasPart(part: Part): boolean {
  return !liveStore.get().state?.desk.user.switched_off.includes(part);
}
