import { ActionIcon, Menu, UnstyledButton } from '@mantine/core';
import {
  IconCheck,
  IconDeviceDesktop,
  IconKeyboard,
  IconLogout,
  IconMoon,
  IconSearch,
  IconSun,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { LanguageMenu } from '../features/people/components/LanguageMenu.tsx';
import type { Me } from '../shared/api/types.ts';
import { KeyCaps } from '../shared/keys/KeyCaps.tsx';
import { runCommand } from '../shared/keys/useCommand.ts';
import { initials } from '../shared/ui/initials.ts';
import { sectionsFor } from './sections.ts';
import styles from './TopBar.module.css';
import { useThemeChoice } from './useShellCommands.ts';

const THEMES = [
  { theme: 'light', label: 'shell.themeLight', Icon: IconSun },
  { theme: 'dark', label: 'shell.themeDark', Icon: IconMoon },
  { theme: 'auto', label: 'shell.themeAuto', Icon: IconDeviceDesktop },
] as const;

function Sections({ me }: { me: Me }) {
  const { t } = useTranslation();
  const [location] = useLocation();
  return (
    <nav aria-label={t('shell.sections')} className={styles.sections}>
      {sectionsFor(me).map(({ path, label }) => (
        <Link
          key={path}
          href={path}
          className={styles.section ?? ''}
          aria-current={location.startsWith(path) ? 'page' : undefined}
        >
          {t(label)}
        </Link>
      ))}
    </nav>
  );
}

function UserMenu({ me }: { me: Me }) {
  const { t } = useTranslation();
  const { theme, choose } = useThemeChoice();
  return (
    <Menu width={240}>
      <Menu.Target>
        <UnstyledButton className={styles.user} aria-label={t('shell.userMenu', { name: me.name })}>
          <span aria-hidden>{initials(me.name)}</span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={styles.who}>
          <bdi className={styles.whoName}>{me.name}</bdi>
          <span>{me.email}</span>
          {me.team && <bdi>{me.team.name}</bdi>}
        </div>
        <Menu.Divider />
        {THEMES.map(({ theme: value, label, Icon }) => (
          <Menu.Item
            key={value}
            leftSection={<Icon size={16} aria-hidden />}
            rightSection={theme === value ? <IconCheck size={14} aria-hidden /> : null}
            onClick={() => choose(value)}
          >
            {t(label)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconKeyboard size={16} aria-hidden />}
          rightSection={<KeyCaps keys="?" />}
          onClick={() => runCommand('keys.show')}
        >
          {t('command.keys')}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconLogout size={16} aria-hidden />}
          onClick={() => runCommand('session.signOut')}
        >
          {t('command.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

export function TopBar({ me }: { me: Me }) {
  const { t } = useTranslation();
  return (
    <header className={styles.bar}>
      <img src="/icon.svg" alt={t('shell.brand')} width={24} height={24} className={styles.brand} />
      <Sections me={me} />
      <UnstyledButton className={styles.palette} onClick={() => runCommand('palette.open')}>
        <IconSearch size={14} aria-hidden />
        <span className={styles.paletteText}>{t('shell.palette')}</span>
        <KeyCaps keys="Mod+K" />
      </UnstyledButton>
      <ActionIcon
        className={styles.paletteIcon}
        aria-label={t('shell.palette')}
        onClick={() => runCommand('palette.open')}
      >
        <IconSearch size={16} aria-hidden />
      </ActionIcon>
      <LanguageMenu remember />
      <UserMenu me={me} />
    </header>
  );
}
