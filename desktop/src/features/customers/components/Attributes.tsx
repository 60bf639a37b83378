import type { Json } from '../../../shared/api/types.ts';
import { LinkedText } from '../../../shared/ui/LinkedText.tsx';
import styles from './Attributes.module.css';

function textOf(value: Json): string {
  if (Array.isArray(value)) return value.map(textOf).join(', ');
  if (typeof value === 'object' && value !== null) return JSON.stringify(value);
  return value === null ? '–' : String(value);
}

/** What the company keeps beyond the system fields. */
export function Attributes({ attributes }: { attributes: Record<string, Json> }) {
  return (
    <dl>
      {Object.entries(attributes).map(([key, value]) => (
        <div key={key} className={styles.row}>
          <dt className={styles.key}>{key}</dt>
          <dd>
            <LinkedText text={textOf(value)} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
