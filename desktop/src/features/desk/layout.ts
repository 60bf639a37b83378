import type { Json } from '../../shared/api/types.ts';
import { rememberLater } from '../../shared/preferences.ts';
import { createStore, useStore } from '../../shared/store/store.ts';

export interface DeskLayout {
  left: number;
  right: number;
  leftOpen: boolean;
  rightOpen: boolean;
  /** Sections of the card by name; a section not named here is open. */
  sections: Record<string, boolean>;
}

/** Pane widths in px: wide enough for a name or a field, narrow enough to leave the journey room. */
export const PANE = {
  left: { min: 180, max: 420, initial: 248 },
  right: { min: 260, max: 560, initial: 340 },
} as const;

const INITIAL: DeskLayout = {
  left: PANE.left.initial,
  right: PANE.right.initial,
  leftOpen: true,
  rightOpen: true,
  sections: {},
};

export const layoutStore = createStore<DeskLayout>(INITIAL);

function within(
  value: unknown,
  { min, max, initial }: { min: number; max: number; initial: number },
) {
  return typeof value === 'number' ? Math.min(max, Math.max(min, Math.round(value))) : initial;
}

/** A layout from a stored preference; whatever is missing or odd falls back to the initial one. */
export function layoutFrom(stored: Json | undefined): DeskLayout {
  if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) return INITIAL;
  const sections = stored.sections;
  const flags =
    typeof sections === 'object' && sections !== null && !Array.isArray(sections)
      ? Object.entries(sections).filter(
          (one): one is [string, boolean] => typeof one[1] === 'boolean',
        )
      : [];
  return {
    left: within(stored.left, PANE.left),
    right: within(stored.right, PANE.right),
    leftOpen: stored.leftOpen !== false,
    rightOpen: stored.rightOpen !== false,
    sections: Object.fromEntries(flags),
  };
}

export function loadLayout(stored: Json | undefined): void {
  layoutStore.set(layoutFrom(stored));
}

/** Changes the layout here at once and, when it has come to rest, in the user's preferences. */
export function changeLayout(change: Partial<DeskLayout>): void {
  layoutStore.set((known) => ({ ...known, ...change }));
  rememberLater('layout', { ...layoutStore.get() });
}

export function useLayout(): DeskLayout {
  return useStore(layoutStore, (layout) => layout);
}

/** Whether a section is expanded, or something shows at all, and how to change that. */
export function useSection(name: string, initially = true): [boolean, (open: boolean) => void] {
  const open = useStore(layoutStore, (layout) => layout.sections[name] ?? initially);
  return [
    open,
    (next) => changeLayout({ sections: { ...layoutStore.get().sections, [name]: next } }),
  ];
}

/** Whether the journey shows what was done to the card among the conversations. Off at first: they are what one looks for. */
export const useShowsChanges = () => useSection('changes', false);

/** Whether the openings and closings of requests stand among them. */
export const useShowsRequests = () => useSection('request_milestones');
