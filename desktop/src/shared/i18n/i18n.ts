import i18next from 'i18next';
import ICU from 'i18next-icu';
import { initReactI18next } from 'react-i18next';
import type en from '../../i18n/en.json';

export const LANGUAGES = ['en', 'sv', 'ja'] as const;
export type Language = (typeof LANGUAGES)[number];

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'desktop';
    resources: { desktop: typeof en };
    returnNull: false;
  }
}

// Each language is a chunk of its own: a page loads only the one it shows.
const CATALOGUES: Record<Language, () => Promise<{ default: object }>> = {
  en: () => import('../../i18n/en.json'),
  sv: () => import('../../i18n/sv.json'),
  ja: () => import('../../i18n/ja.json'),
};

const REMEMBERED = 'ringdesk.language';

export function isLanguage(value: unknown): value is Language {
  return LANGUAGES.some((language) => language === value);
}

/** The language to begin with: the last one used in this browser, else the browser's own. */
export function firstLanguage(): Language {
  const remembered = localStorage.getItem(REMEMBERED);
  if (isLanguage(remembered)) return remembered;
  const wanted = navigator.languages.map((tag) => tag.slice(0, 2)).find(isLanguage);
  return wanted ?? 'en';
}

async function load(language: Language): Promise<void> {
  if (i18next.hasResourceBundle(language, 'desktop')) return;
  const catalogue = await CATALOGUES[language]();
  i18next.addResourceBundle(language, 'desktop', catalogue.default);
}

export async function startI18n(language: Language): Promise<void> {
  await i18next
    .use(ICU)
    .use(initReactI18next)
    .init({
      lng: language,
      ns: ['desktop'],
      defaultNS: 'desktop',
      resources: {},
      fallbackLng: false,
    });
  await setLanguage(language);
}

export async function setLanguage(language: Language): Promise<void> {
  await load(language);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
  localStorage.setItem(REMEMBERED, language);
}

/** The language shown now, for Intl formats. */
export function currentLanguage(): Language {
  return isLanguage(i18next.language) ? i18next.language : 'en';
}
