import { Button } from '@mantine/core';
import { IconArrowMerge, IconSwitchHorizontal } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Redirect, useLocation, useSearch } from 'wouter';
import type { ApiProblem } from '../../../shared/api/problem.ts';
import type { Customer, Uuid } from '../../../shared/api/types.ts';
import { useOnline } from '../../../shared/live/live.ts';
import { EmptyState } from '../../../shared/ui/EmptyState.tsx';
import { notify, reportProblem } from '../../../shared/ui/notices.ts';
import { ProblemNote } from '../../../shared/ui/ProblemNote.tsx';
import { SendForm } from '../../../shared/ui/SendForm.tsx';
import { Waiting } from '../../../shared/ui/Waiting.tsx';
import { openCustomer } from '../../desk/actions.ts';
import { customerPath } from '../../desk/selection.ts';
import { useCustomer } from '../api.ts';
import { useAttributes } from '../attributes.ts';
import { mergeCards, type Side, undoMerge, useMergePreview } from './api.ts';
import { chosenOf, mergeFields } from './fields.ts';
import { MergeResult } from './MergeResult.tsx';
import { MergeTable } from './MergeTable.tsx';
import styles from './merging.module.css';
import { mergePath, QUEUE_PATH } from './paths.ts';

function Head({ card, stays }: { card: Customer; stays: boolean }) {
  const { t } = useTranslation();
  return (
    <div className={styles.head} data-stays={stays || undefined}>
      <bdi className={styles.name}>{card.display_name}</bdi>
      <span className={styles.dim}>
        {t('customer.number', { number: card.number })} ·{' '}
        {t('customer.since', { year: String(new Date(card.created_at).getFullYear()) })}
      </span>
      <span className={styles.role}>{stays ? t('merge.stays') : t('merge.goes')}</span>
    </div>
  );
}

const OTHER_SIDE: Readonly<Record<Side, Side>> = { this: 'other', other: 'this', both: 'both' };

function swapped(picked: Readonly<Record<string, Side>>): Record<string, Side> {
  return Object.fromEntries(
    Object.entries(picked).map(([field, side]) => [field, OTHER_SIDE[side]]),
  );
}

function Sides({ card, other }: { card: Customer; other: Customer }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const online = useOnline();
  const [, navigate] = useLocation();
  const fromQueue = new URLSearchParams(useSearch()).get('back') === 'queue';
  const [picked, setPicked] = useState<Readonly<Record<string, Side>>>({});
  const fields = mergeFields(card, other, useAttributes() ?? [], t);
  const choices = chosenOf(fields, picked);
  const preview = useMergePreview(card.id, other.id, choices, `${card.version}.${other.version}`);
  const back = fromQueue ? QUEUE_PATH : customerPath(card.id);
  const merge = useMutation<Awaited<ReturnType<typeof mergeCards>>, ApiProblem>({
    mutationFn: () => mergeCards(client, card, other, choices),
    onSuccess: ({ merge: done, customer }) => {
      notify('notice.merged', null, {
        values: { name: customer.display_name },
        action: { key: 'common.undo', run: () => void undoMerge(client, done.id) },
      });
      if (!fromQueue) openCustomer(customer.id).catch(reportProblem('notice.notOpened'));
      navigate(back);
    },
  });
  return (
    <div className={styles.columns}>
      <SendForm
        className={styles.compare}
        action={t('merge.act')}
        ready={!preview.error}
        busy={merge.isPending}
        problem={merge.error}
        onSend={() => merge.mutate()}
        acts={
          <Button variant="default" onClick={() => navigate(back)}>
            {t('common.cancel')}
          </Button>
        }
      >
        <section className={styles.fields} aria-label={t('merge.fields')}>
          <div className={styles.heads}>
            <Button
              variant="default"
              leftSection={<IconSwitchHorizontal size={14} aria-hidden />}
              onClick={() => {
                // Every choice goes on meaning the same value.
                setPicked(swapped);
                navigate(mergePath(other.id, card.id, fromQueue ? 'queue' : undefined), {
                  replace: true,
                });
              }}
            >
              {t('merge.swap')}
            </Button>
            <Head card={card} stays />
            <Head card={other} stays={false} />
          </div>
          <MergeTable
            fields={fields}
            names={{ this: card.display_name, other: other.display_name }}
            picked={picked}
            disabled={!online || merge.isPending}
            onPick={(field, side) => setPicked((known) => ({ ...known, [field]: side }))}
          />
        </section>
      </SendForm>
      <section className={styles.result} aria-label={t('merge.result')}>
        <h2 className={styles.resultHead}>
          <IconArrowMerge size={16} aria-hidden />
          {t('merge.result')}
        </h2>
        <MergeResult
          preview={preview.data}
          problem={preview.error}
          otherName={other.display_name}
        />
      </section>
    </div>
  );
}

/** Two cards side by side, field by field; then one card (product.md 1.8). */
export function MergePage({ id, otherId }: { id: Uuid; otherId: Uuid }) {
  const { t } = useTranslation();
  const card = useCustomer(id);
  const other = useCustomer(otherId);
  const problem = card.error ?? other.error;
  if (card.data && other.data && card.data.id === other.data.id) {
    // Merged meanwhile, or an old address: there is one card.
    return <Redirect to={customerPath(card.data.id)} replace />;
  }
  return (
    <main className={styles.page}>
      <div className={styles.toolbar}>
        <h1>{t('merge.title')}</h1>
        <p className={styles.dim}>{t('merge.text')}</p>
      </div>
      <div className={styles.body}>
        {problem && problem.status !== 404 && <ProblemNote problem={problem} />}
        {problem?.status === 404 && <EmptyState title={t('merge.gone')} />}
        {!problem && !(card.data && other.data) && (
          <Waiting lines={10} label={t('merge.loading')} />
        )}
        {card.data && other.data && (
          <Sides key={[id, otherId].toSorted().join(' ')} card={card.data} other={other.data} />
        )}
      </div>
    </main>
  );
}
