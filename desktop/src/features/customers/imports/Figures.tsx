import { locale } from '../../../shared/format/locale.ts';
import styles from './steps.module.css';

export interface Figure {
  label: string;
  value: number;
}

/** A few figures with what they count. `small`: beside the text instead of above it. */
export function Figures({ of, small = false }: { of: Figure[]; small?: boolean }) {
  const format = new Intl.NumberFormat(locale());
  return (
    <dl className={small ? styles.notes : styles.figures}>
      {of.map(({ label, value }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{format.format(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
