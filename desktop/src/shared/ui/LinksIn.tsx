import styles from './LinkedText.module.css';
import { linkParts } from './linkParts.ts';

/** The URLs in texts that are shown where they can't be clicked (in fields that are edited), once each, to open in a new tab (product.md 3.5). */
export function LinksIn({ texts, label }: { texts: readonly unknown[]; label: string }) {
  const found = texts
    .filter((text) => typeof text === 'string')
    .flatMap((text) => linkParts(text).flatMap(({ href }) => href ?? []));
  if (found.length === 0) return null;
  return (
    <ul aria-label={label} className={styles.text}>
      {[...new Set(found)].map((href) => (
        <li key={href}>
          <a href={href} target="_blank" rel="noopener noreferrer">
            {href}
          </a>
        </li>
      ))}
    </ul>
  );
}
