import type { Labels } from '../api/types.ts';
import { currentLanguage } from './i18n.ts';

/** The word of a code in the language shown; else in English, else in any, else the code itself. */
export function labelOf(item: { code: string; labels: Labels }): string {
  const { labels, code } = item;
  return labels[currentLanguage()] ?? labels.en ?? Object.values(labels)[0] ?? code;
}
