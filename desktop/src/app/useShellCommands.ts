import { useMantineColorScheme } from '@mantine/core';
import { useLocation } from 'wouter';
import { IMPORT_PATH, QUEUE_PATH } from '../features/customers/merging/paths.ts';
import { putPreference, useSignOut } from '../features/people/api.ts';
import { chooseLanguage } from '../features/people/components/LanguageMenu.tsx';
import { usePart } from '../features/people/parts.ts';
import { useLeads } from '../features/people/rights.ts';
import type { Me } from '../shared/api/types.ts';
import type { CommandId } from '../shared/keys/commands.ts';
import { useCommand } from '../shared/keys/useCommand.ts';
import { NOT_YET_SAVED, reportProblem } from '../shared/ui/notices.ts';
import { sectionsFor } from './sections.ts';

export type ThemeChoice = 'light' | 'dark' | 'auto';

/** Switches light and dark here and remembers it with the user. */
export function useThemeChoice() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const choose = (theme: ThemeChoice) => {
    setColorScheme(theme);
    putPreference('theme', theme).catch(reportProblem(NOT_YET_SAVED));
  };
  return { theme: colorScheme, choose };
}

/** The commands that work on every page. */
export function useShellCommands(me: Me): void {
  const { choose } = useThemeChoice();
  const signOut = useSignOut();
  const [, navigate] = useLocation();
  const sections = sectionsFor(me);
  const goTo = (command: CommandId) => {
    const section = sections.find((one) => one.command === command);
    if (section) navigate(section.path);
  };
  const exists = (command: CommandId) => sections.some((one) => one.command === command);

  useCommand('theme.light', () => choose('light'));
  useCommand('theme.dark', () => choose('dark'));
  useCommand('theme.auto', () => choose('auto'));
  useCommand('language.en', () => chooseLanguage('en', true));
  useCommand('language.sv', () => chooseLanguage('sv', true));
  useCommand('language.ja', () => chooseLanguage('ja', true));
  useCommand('session.signOut', () => signOut.mutate());
  useCommand('go.desk', () => goTo('go.desk'), exists('go.desk'));
  useCommand('go.customers', () => goTo('go.customers'), exists('go.customers'));
  useCommand('go.requests', () => goTo('go.requests'), exists('go.requests'));
  useCommand('go.interactions', () => goTo('go.interactions'), exists('go.interactions'));
  useCommand('go.import', () => navigate(IMPORT_PATH), useLeads());
  useCommand('go.duplicates', () => navigate(QUEUE_PATH), usePart('merging'));
  useCommand('go.administration', () => goTo('go.administration'), exists('go.administration'));
}
