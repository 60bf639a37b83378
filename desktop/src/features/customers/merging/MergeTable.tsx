import { IconEqual } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Side } from './api.ts';
import type { MergeField } from './fields.ts';
import styles from './merging.module.css';

interface Props {
  fields: readonly MergeField[];
  names: Readonly<Record<'this' | 'other', string>>;
  picked: Readonly<Record<string, Side>>;
  disabled: boolean;
  onPick(field: string, side: Side): void;
}

interface RowProps extends Omit<Props, 'fields' | 'picked'> {
  row: MergeField;
  side: Side;
  /** Whether it is the first with anything to choose. */
  first: boolean;
}

function Value({ text }: { text: string }) {
  const { t } = useTranslation();
  if (!text) return <span className={styles.dim}>{t('card.empty')}</span>;
  return text.split('\n').map((line) => <bdi key={line}>{line}</bdi>);
}

/** One field: whose value stands. Left and right choose, as in every group of radio buttons. */
function Row({ row, side, first, names, disabled, onPick }: RowProps) {
  const { t } = useTranslation();
  if (row.same) {
    return (
      <div className={styles.field}>
        <span className={styles.label}>{row.label}</span>
        <span className={styles.same}>
          <IconEqual size={14} aria-label={t('merge.same')} />
          <Value text={row.this} />
        </span>
      </div>
    );
  }
  return (
    <fieldset className={styles.field} disabled={disabled} data-sides={row.sides.length}>
      <legend className={styles.label}>{row.label}</legend>
      {row.sides.map((one) => (
        <label key={one} className={styles.option} data-picked={side === one || undefined}>
          <input
            type="radio"
            name={row.field}
            value={one}
            checked={side === one}
            // biome-ignore lint/a11y/noAutofocus: the page is for choosing, and begins there
            autoFocus={first && side === one}
            onChange={() => onPick(row.field, one)}
            aria-label={
              one === 'both'
                ? t('merge.both')
                : t('merge.valueOf', { name: names[one], value: row[one] || t('card.empty') })
            }
          />
          <span className={styles.value}>
            {one === 'both' ? t('merge.both') : <Value text={row[one]} />}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

/** Both cards field by field, with the value that stands marked. */
export function MergeTable({ fields, picked, ...rest }: Props) {
  const first = fields.find((row) => !row.same);
  return fields.map((row) => (
    <Row
      key={row.field}
      row={row}
      side={picked[row.field] ?? row.usual}
      first={row === first}
      {...rest}
    />
  ));
}
