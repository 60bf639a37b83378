import {
  IconArchive,
  IconArrowMerge,
  IconArrowsExchange,
  IconArrowsSplit,
  IconAt,
  IconFileImport,
  IconPencil,
  IconUserPlus,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { CardChange, ChangeKind } from '../../../shared/api/types.ts';
import { RelativeTime } from '../../../shared/ui/RelativeTime.tsx';
import { useAttributes } from '../../customers/attributes.ts';
import { customerPath } from '../../desk/selection.ts';
import styles from './ChangeItem.module.css';

const ICON: Record<ChangeKind, typeof IconPencil> = {
  created: IconUserPlus,
  changed: IconPencil,
  imported: IconFileImport,
  import_undone: IconFileImport,
  archived: IconArchive,
  unarchived: IconArchive,
  identity_added: IconAt,
  identity_removed: IconAt,
  merged: IconArrowMerge,
  unmerged: IconArrowsSplit,
  taken: IconArrowsExchange,
  given: IconArrowsExchange,
};

const FIELDS = [
  'kind',
  'first_name',
  'last_name',
  'company_name',
  'phone_1',
  'phone_2',
  'phone_3',
  'phone_4',
  'phone_5',
  'email',
  'preferred_language',
] as const;

/** What the fields of a card are called; those that have no word of their own stay unnamed. */
function useFieldNames(): (field: string) => string | null {
  const { t } = useTranslation();
  const attributes = useAttributes();
  return (field) => {
    const known = FIELDS.find((one) => one === field);
    if (known) return t(`field.${known}`);
    if (field === 'addresses') return t('card.addresses');
    if (field === 'identities') return t('card.identities');
    if (field === 'consent' || field.startsWith('consent.')) return t('card.consent');
    if (field === 'external_id') return t('import.externalId');
    const key = field.replace(/^attributes\./, '');
    return attributes?.find((one) => one.key === key)?.label ?? null;
  };
}

/** Something that was done to the card, on one line of its journey. */
export function ChangeItem({ change, line }: { change: CardChange; line: number }) {
  const { t } = useTranslation();
  const nameOf = useFieldNames();
  const Icon = ICON[change.kind];
  const fields = [...new Set(change.fields.flatMap((field) => nameOf(field) ?? []))];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: J and K go from line to line, also to those that only tell something
    <p className={styles.line} tabIndex={0} data-line={line}>
      <Icon size={14} aria-hidden className={styles.icon} />
      <span className={styles.when}>
        <RelativeTime at={change.at} />
      </span>
      <span className={styles.what}>
        {t(`changes.${change.kind}`, { number: String(change.card_number ?? '') })}
        {change.other_id && change.other_name && (
          <>
            {' '}
            <Link href={customerPath(change.other_id)} className={styles.link ?? ''}>
              <bdi>{change.other_name}</bdi>
            </Link>
          </>
        )}
        {fields.length > 0 && <bdi className={styles.fields}>{fields.join(', ')}</bdi>}
      </span>
      <bdi className={styles.by}>{change.by_name || t('changes.system')}</bdi>
    </p>
  );
}
