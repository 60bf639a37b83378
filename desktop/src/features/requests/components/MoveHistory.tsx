import { Button } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Interaction, MoveRecord } from '../../../shared/api/types.ts';
import { ProblemNote } from '../../../shared/ui/ProblemNote.tsx';
import { RelativeTime } from '../../../shared/ui/RelativeTime.tsx';
import { Waiting } from '../../../shared/ui/Waiting.tsx';
import { fetchTagging } from '../api.ts';
import { takeBack } from '../move.ts';
import styles from './MoveHistory.module.css';

function MoveLine({ move, last }: { move: MoveRecord; last: boolean }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const undo = useMutation({ mutationFn: () => takeBack(client, move) });
  const toCustomer = move.from_customer !== move.to_customer;
  const what = toCustomer
    ? t('move.didCustomer', { name: move.by_name })
    : move.to_request
      ? t('move.didRequest', { name: move.by_name })
      : t('move.didNone', { name: move.by_name });
  return (
    <li className={styles.move}>
      <bdi>{what}</bdi> <RelativeTime at={move.at} />
      {move.reason && <bdi className={styles.reason}>{move.reason}</bdi>}
      {move.undone_at && (
        <span className={styles.undone}>{t('move.undone', { name: move.undone_by ?? '' })}</span>
      )}
      {last && !move.undone_at && (
        <Button
          size="compact-xs"
          variant="default"
          loading={undo.isPending}
          onClick={() => undo.mutate()}
        >
          {t('common.undo')}
        </Button>
      )}
      {undo.error && <ProblemNote problem={undo.error} />}
    </li>
  );
}

/** How an interaction came where it is; the last move can be taken back for ever (ui.md). */
export function MoveHistory({ interaction }: { interaction: Interaction }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const tagging = useQuery({
    // Another request or customer means another move.
    queryKey: ['tagging', interaction.id, interaction.request_id, interaction.customer_id],
    queryFn: ({ signal }) => fetchTagging(interaction.id, signal),
    enabled: open,
    gcTime: 0,
  });
  const moves = tagging.data?.moves ?? [];
  const last = moves.findLast((one) => !one.undone_at);
  return (
    <div className={styles.history}>
      <Button
        variant="subtle"
        color="gray"
        size="compact-xs"
        leftSection={<IconHistory size={14} aria-hidden />}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {t('move.history')}
      </Button>
      {open && tagging.isPending && <Waiting lines={1} label={t('move.historyLoading')} />}
      {open && tagging.error && (
        <ProblemNote problem={tagging.error} onRetry={() => void tagging.refetch()} />
      )}
      {open && tagging.data && moves.length === 0 && (
        <p className={styles.none}>{t('move.never')}</p>
      )}
      {open && moves.length > 0 && (
        <ul className={styles.moves}>
          {moves.map((one) => (
            <MoveLine key={one.id} move={one} last={one === last} />
          ))}
        </ul>
      )}
    </div>
  );
}
