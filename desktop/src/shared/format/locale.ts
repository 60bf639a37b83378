import { currentLanguage } from '../i18n/i18n.ts';

/**
 * The locale for dates and numbers: the shown language in the region the browser prefers
 * (en-GB rather than en), so that a British agent reads 3 May and an American May 3.
 */
export function locale(): string {
  const language = currentLanguage();
  return navigator.languages.find((tag) => tag.split('-')[0] === language) ?? language;
}
