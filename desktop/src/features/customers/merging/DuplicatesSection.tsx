import { Button } from '@mantine/core';
import { IconArrowMerge, IconSearch } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { Customer, Duplicate, Merge, Uuid } from '../../../shared/api/types.ts';
import { useOnline } from '../../../shared/live/live.ts';
import { ProblemNote } from '../../../shared/ui/ProblemNote.tsx';
import { RelativeTime } from '../../../shared/ui/RelativeTime.tsx';
import { Waiting } from '../../../shared/ui/Waiting.tsx';
import { CustomerSearch } from '../../desk/components/CustomerSearch.tsx';
import { CardSection } from '../components/CardSection.tsx';
import { allowPair, dismissPair, undoMerge, useDuplicates, useMerges } from './api.ts';
import styles from './merging.module.css';
import { mergePath } from './paths.ts';
import { Reasons } from './Reasons.tsx';
import { Score } from './Score.tsx';
import { WhoLine } from './WhoLine.tsx';

function LookAlike({ card, one }: { card: Customer; one: Duplicate }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const online = useOnline();
  const [, navigate] = useLocation();
  return (
    <li className={styles.alike}>
      <div className={styles.who}>
        <WhoLine customer={one.customer} />
        <Score score={one.score} />
      </div>
      <Reasons reasons={one.reasons} />
      <div className={styles.acts}>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconArrowMerge size={14} aria-hidden />}
          aria-label={t('duplicates.mergeWith', { name: one.customer.display_name })}
          onClick={() => navigate(mergePath(card.id, one.customer.id))}
        >
          {t('merge.act')}
        </Button>
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          disabled={!online}
          aria-label={t('duplicates.notThis', { name: one.customer.display_name })}
          onClick={() => void dismissPair(client, summaryOfCard(card), one.customer)}
        >
          {t('duplicates.not')}
        </Button>
      </div>
    </li>
  );
}

function summaryOfCard(card: Customer) {
  return { ...card, city: null, last_contact_at: card.last_contact?.at ?? null };
}

/** A card that went into this one, with the way back. */
function MergedIn({ merge }: { merge: Merge }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const online = useOnline();
  const [busy, setBusy] = useState(false);
  const undo = async () => {
    setBusy(true);
    await undoMerge(client, merge.id);
    setBusy(false);
  };
  return (
    <li className={styles.merged}>
      <span>
        {t('merge.from', { name: merge.card.display_name, number: String(merge.card.number) })}
        <span className={styles.dim}>
          <bdi>{merge.by_name}</bdi> <RelativeTime at={merge.at} />
        </span>
      </span>
      {merge.undo === 'possible' && (
        <Button
          size="compact-sm"
          variant="default"
          disabled={!online}
          loading={busy}
          aria-label={t('merge.undoOf', { name: merge.card.display_name })}
          onClick={() => void undo()}
        >
          {t('common.undo')}
        </Button>
      )}
      {merge.undo === 'later' && <span className={styles.dim}>{t('merge.undoLater')}</span>}
    </li>
  );
}

function Dismissed({ card, ids }: { card: Customer; ids: readonly { id: Uuid; name: string }[] }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const online = useOnline();
  return (
    <ul>
      {ids.map(({ id, name }) => (
        <li key={id} className={styles.merged}>
          <span className={styles.dim}>{t('duplicates.isNot', { name })}</span>
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            disabled={!online}
            onClick={() => void allowPair(client, card.id, id)}
          >
            {t('common.undo')}
          </Button>
        </li>
      ))}
    </ul>
  );
}

/** Who may be the same customer, and which cards this one was made of (product.md 1.8). */
export function DuplicatesSection({ card }: { card: Customer }) {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const [searching, setSearching] = useState(false);
  const found = useDuplicates(card.id);
  const merges = useMerges(card.id).data?.filter((one) => one.undo !== 'undone') ?? [];
  const items = found.data?.items ?? [];
  const dismissed = found.data?.dismissed ?? [];
  return (
    <CardSection
      name="duplicates"
      title={t('duplicates.title')}
      {...(found.data && { count: items.length })}
    >
      <div className={styles.section}>
        {found.isPending && <Waiting lines={2} label={t('duplicates.loading')} />}
        {found.error && <ProblemNote problem={found.error} onRetry={() => void found.refetch()} />}
        {found.data && items.length === 0 && <p className={styles.dim}>{t('duplicates.none')}</p>}
        <ul>
          {items.map((one) => (
            <LookAlike key={one.customer.id} card={card} one={one} />
          ))}
        </ul>
        {searching ? (
          <CustomerSearch
            withShortcut={false}
            focused
            label={t('duplicates.searchLabel')}
            except={card.id}
            onChoose={(other) => navigate(mergePath(card.id, other.id))}
          />
        ) : (
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            className={styles.search ?? ''}
            leftSection={<IconSearch size={14} aria-hidden />}
            onClick={() => setSearching(true)}
          >
            {t('duplicates.search')}
          </Button>
        )}
        {dismissed.length > 0 && (
          <Dismissed
            card={card}
            ids={dismissed.map((one) => ({ id: one.id, name: one.display_name }))}
          />
        )}
        {merges.length > 0 && (
          <ul aria-label={t('merge.history')}>
            {merges.map((merge) => (
              <MergedIn key={merge.id} merge={merge} />
            ))}
          </ul>
        )}
      </div>
    </CardSection>
  );
}
