import { Button, Menu } from '@mantine/core';
import { IconCheck, IconLanguage } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import {
  currentLanguage,
  LANGUAGES,
  type Language,
  setLanguage,
} from '../../../shared/i18n/i18n.ts';
import { NOT_YET_SAVED, reportProblem } from '../../../shared/ui/notices.ts';
import { putPreference } from '../api.ts';

// Each language is named in itself: who needs it can read it.
export const LANGUAGE_NAMES: Record<Language, string> = {
  en: 'English',
  sv: 'Svenska',
  ja: '日本語',
};

export function chooseLanguage(language: Language, remember: boolean): void {
  void setLanguage(language);
  if (remember) putPreference('language', language).catch(reportProblem(NOT_YET_SAVED));
}

/** Switches the language; `remember` also keeps it with the signed-in user. */
export function LanguageMenu({ remember = false }: { remember?: boolean }) {
  const { t } = useTranslation();
  const current = currentLanguage();
  return (
    <Menu>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          leftSection={<IconLanguage size={16} aria-hidden />}
          aria-label={t('shell.languageIs', { language: LANGUAGE_NAMES[current] })}
          px={8}
          c="var(--rd-dim)"
        >
          {current.toUpperCase()}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {LANGUAGES.map((language) => (
          <Menu.Item
            key={language}
            lang={language}
            onClick={() => chooseLanguage(language, remember)}
            rightSection={language === current ? <IconCheck size={14} aria-hidden /> : null}
          >
            {LANGUAGE_NAMES[language]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
