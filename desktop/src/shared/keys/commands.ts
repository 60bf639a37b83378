/** Every act that has a name: the palette lists them, the key map shows their shortcuts. */
export const COMMANDS = {
  'palette.open': { label: 'command.palette', keys: 'Mod+K', group: 'app' },
  'keys.show': { label: 'command.keys', keys: '?', group: 'app' },
  'theme.light': { label: 'command.themeLight', keys: null, group: 'app' },
  'theme.dark': { label: 'command.themeDark', keys: null, group: 'app' },
  'theme.auto': { label: 'command.themeAuto', keys: null, group: 'app' },
  'language.en': { label: 'command.languageEn', keys: null, group: 'app' },
  'language.sv': { label: 'command.languageSv', keys: null, group: 'app' },
  'language.ja': { label: 'command.languageJa', keys: null, group: 'app' },
  'session.signOut': { label: 'command.signOut', keys: null, group: 'app' },
  'go.desk': { label: 'command.goDesk', keys: null, group: 'go' },
  'go.customers': { label: 'command.goCustomers', keys: null, group: 'go' },
  'go.requests': { label: 'command.goRequests', keys: null, group: 'go' },
  'go.interactions': { label: 'command.goInteractions', keys: null, group: 'go' },
  'go.import': { label: 'command.goImport', keys: null, group: 'go' },
  'go.duplicates': { label: 'command.goDuplicates', keys: null, group: 'go' },
  'go.administration': { label: 'command.goAdministration', keys: null, group: 'go' },
  'go.search': { label: 'command.search', keys: '/', group: 'go' },
  'go.filter': { label: 'command.filter', keys: 'F', group: 'go' },
  'pane.next': { label: 'command.nextPane', keys: 'F6', group: 'go' },
  'cti.login': { label: 'command.ctiLogin', keys: null, group: 'call' },
  'cti.logout': { label: 'command.ctiLogout', keys: null, group: 'call' },
  'call.newest': { label: 'command.newestCall', keys: 'Alt+Enter', group: 'call' },
  'call.wrapUp': { label: 'command.wrapUp', keys: 'Alt+U', group: 'call' },
  'call.end': { label: 'command.endInteraction', keys: 'Alt+E', group: 'call' },
  'call.finish': { label: 'command.finish', keys: 'Mod+Enter', group: 'call' },
  'customer.previous': { label: 'command.previousOpen', keys: 'Alt+ArrowUp', group: 'customer' },
  'customer.next': { label: 'command.nextOpen', keys: 'Alt+ArrowDown', group: 'customer' },
  'customer.new': { label: 'command.newCustomer', keys: 'Alt+N', group: 'customer' },
  'customer.merge': { label: 'command.mergeCustomer', keys: null, group: 'customer' },
  'customer.close': { label: 'command.closeCustomer', keys: 'Alt+W', group: 'customer' },
  'request.new': { label: 'command.newRequest', keys: 'Alt+R', group: 'customer' },
  'request.edit': { label: 'command.editRequest', keys: 'Alt+T', group: 'customer' },
  'journey.requests': { label: 'command.journeyRequests', keys: null, group: 'view' },
  'journey.changes': { label: 'command.journeyChanges', keys: null, group: 'view' },
  'interaction.move': { label: 'command.moveInteraction', keys: 'M', group: 'list' },
  'customer.edit': { label: 'command.editField', keys: 'F2', group: 'customer' },
  'pane.left': { label: 'command.toggleLeft', keys: null, group: 'view' },
  'pane.right': { label: 'command.toggleRight', keys: null, group: 'view' },
  'admin.add': { label: 'command.adminAdd', keys: 'Alt+A', group: 'list' },
  'list.next': { label: 'command.nextItem', keys: 'J', group: 'list' },
  'list.previous': { label: 'command.previousItem', keys: 'K', group: 'list' },
  'list.select': { label: 'command.selectItem', keys: 'X', group: 'list' },
  'list.columns': { label: 'command.listColumns', keys: 'C', group: 'list' },
  'list.views': { label: 'command.listViews', keys: 'V', group: 'list' },
  'list.open': { label: 'command.openItem', keys: 'Enter', group: 'list' },
} as const satisfies Record<
  string,
  { label: `command.${string}`; keys: string | null; group: CommandGroup }
>;

export type CommandId = keyof typeof COMMANDS;
export const COMMAND_GROUPS = ['app', 'go', 'call', 'customer', 'list', 'view'] as const;
export type CommandGroup = (typeof COMMAND_GROUPS)[number];

export const IS_MAC = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** The caps of a shortcut as they are printed on this machine's keyboard. */
export function keyCaps(keys: string): string[] {
  const names: Record<string, string> = {
    Mod: IS_MAC ? '⌘' : 'Ctrl',
    Alt: IS_MAC ? '⌥' : 'Alt',
    ArrowUp: '↑',
    ArrowDown: '↓',
  };
  return keys.split('+').map((key) => names[key] ?? key);
}

type KeyPress = Pick<KeyboardEvent, 'key' | 'code' | 'altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey'>;

/** Whether a key press is this shortcut. Letters go by their place, since Alt changes what they type. */
export function matches(keys: string, event: KeyPress): boolean {
  const parts = keys.split('+');
  const key = parts.at(-1) ?? '';
  const mod = IS_MAC ? event.metaKey : event.ctrlKey;
  if (parts.includes('Mod') !== mod) return false;
  if (parts.includes('Alt') !== event.altKey) return false;
  if (/^[A-Z]$/.test(key)) return !event.shiftKey && event.code === `Key${key}`;
  return event.key === key;
}

/** A shortcut of one character, which must not fire while somebody types (WCAG 2.1.4). */
export function isSingleKey(keys: string): boolean {
  return keys.length === 1;
}
