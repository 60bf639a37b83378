import styles from './LinkedText.module.css';
import { linkParts } from './linkParts.ts';

/** Text as written, with every URL a link that opens in a new tab (product.md 3.5). */
export function LinkedText({ text }: { text: string }) {
  return (
    <p className={styles.text} dir="auto">
      {linkParts(text).map(({ start, text: part, href }) =>
        href ? (
          <a key={start} href={href} target="_blank" rel="noopener noreferrer">
            {part}
          </a>
        ) : (
          <span key={start}>{part}</span>
        ),
      )}
    </p>
  );
}
