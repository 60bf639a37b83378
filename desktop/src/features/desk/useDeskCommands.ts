import { useLocation } from 'wouter';
import { useCommand } from '../../shared/keys/useCommand.ts';
import { liveStore } from '../../shared/live/live.ts';
import { draftStore, startDraft } from '../customers/drafts.ts';
import { askClose } from './closing.ts';
import { changeLayout, layoutStore } from './layout.ts';
import { type DeskRow, deskRows, step } from './rows.ts';
import { draftPath, selectionOf } from './selection.ts';
import { whenDrawn } from './whenDrawn.ts';

function currentRows(): DeskRow[] {
  const desk = liveStore.get().state?.desk;
  return desk ? deskRows(desk, draftStore.get()) : [];
}

/** Moves the focus to the next pane, around the end. */
function focusNextPane(): void {
  const panes = [...document.querySelectorAll<HTMLElement>('[data-pane]')];
  const index = panes.findIndex((pane) => pane.contains(document.activeElement));
  panes[(index + 1) % Math.max(1, panes.length)]?.focus();
}

/** The shortcuts of the desk. `showCard` brings the card into view where it is not. */
export function useDeskCommands({ showCard }: { showCard: () => void }): void {
  const [path, navigate] = useLocation();
  const move = (by: 1 | -1) => {
    const row = step(currentRows(), path, by);
    if (row) navigate(row.path);
  };
  useCommand('customer.next', () => move(1));
  useCommand('customer.previous', () => move(-1));
  useCommand('customer.new', () => navigate(draftPath(startDraft())));
  useCommand('customer.close', () => {
    const row = currentRows().find((one) => one.path === path);
    if (row) askClose(row);
  });
  useCommand(
    'customer.edit',
    () => {
      showCard();
      whenDrawn('[data-card-editor] [data-field]', (field) => field.click());
    },
    selectionOf(path).kind === 'customer',
  );
  useCommand('pane.next', focusNextPane);
  useCommand('pane.left', () => changeLayout({ leftOpen: !layoutStore.get().leftOpen }));
  useCommand('pane.right', () => changeLayout({ rightOpen: !layoutStore.get().rightOpen }));
}
