import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { KeptCustomer, Uuid } from '../../../shared/api/types.ts';
import { ProblemNote } from '../../../shared/ui/ProblemNote.tsx';
import { Waiting } from '../../../shared/ui/Waiting.tsx';
import { useAttributes } from '../attributes.ts';
import { useKept } from './api.ts';
import styles from './steps.module.css';
import { targets } from './targets.ts';

/** The customers of whom an undo kept something, and what. */
export function Kept({ id }: { id: Uuid }) {
  const { t } = useTranslation();
  const kept = useKept(id);
  const nameOf = useFieldName();
  const items = kept.data?.pages.flatMap((page) => page.items) ?? [];
  const why = ({ reason, fields, by_name }: KeptCustomer) => {
    const names = fields.map(nameOf).join(', ');
    if (reason === 'in_use' || !names) return t('import.keptWhole');
    return by_name
      ? t('import.keptBy', { fields: names, name: by_name })
      : t('import.keptFields', { fields: names });
  };
  return (
    <section className={styles.panel} aria-labelledby="kept-title">
      <h3 id="kept-title">{t('import.keptTitle')}</h3>
      {kept.isPending && <Waiting lines={3} label={t('import.keptLoading')} />}
      {kept.error && <ProblemNote problem={kept.error} onRetry={() => void kept.refetch()} />}
      <ul className={styles.kept}>
        {items.map((one) => (
          <li key={one.id}>
            <bdi>{one.display_name}</bdi>
            <span className={styles.help}>{why(one)}</span>
          </li>
        ))}
      </ul>
      {kept.hasNextPage && (
        <div>
          <Button
            variant="default"
            loading={kept.isFetchingNextPage}
            onClick={() => void kept.fetchNextPage()}
          >
            {t('import.keptMore')}
          </Button>
        </div>
      )}
    </section>
  );
}

/** What a field is called here; one that has gone since keeps its key. */
function useFieldName(): (field: string) => string {
  const { t } = useTranslation();
  const attributes = useAttributes() ?? [];
  const names = new Map(targets(t).map(({ value, label }) => [value, label]));
  names.set('addresses', t('card.addresses')).set('consent', t('card.consent'));
  names.set('merged', t('import.keptMerged')).set('archived_at', t('import.keptArchived'));
  for (const one of attributes) names.set(`attributes.${one.key}`, one.label);
  return (field) => names.get(field) ?? field;
}
