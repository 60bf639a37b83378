import { Button } from '@mantine/core';
import { IconHelpCircle } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { CallView, RequestTag } from '../../../shared/api/types.ts';
import { useOnline } from '../../../shared/live/live.ts';
import { ProblemNote } from '../../../shared/ui/ProblemNote.tsx';
import { chooseRequest, declineProposal } from '../api.ts';
import { reference } from '../look.ts';
import { showChoice } from '../move.ts';
import styles from './Proposal.module.css';

/** The channel's policy proposes the customer's latest active request: one press says whether it is about that (product.md 4.4). */
export function Proposal({ call, request }: { call: CallView; request: RequestTag }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const online = useOnline();
  const decide = useMutation({
    mutationFn: async (isAboutIt: boolean) => {
      if (!isAboutIt) return declineProposal(call.activity_id);
      showChoice(client, await chooseRequest(call.interaction_id, request.id), request.id);
    },
  });
  return (
    <aside className={styles.proposal} aria-label={t('policies.question')}>
      <IconHelpCircle size={16} aria-hidden className={styles.icon} />
      <p className={styles.text}>
        {t('policies.question')} <span className={styles.number}>{reference(request.number)}</span>{' '}
        <bdi className={styles.title}>{request.title}</bdi>
      </p>
      <span className={styles.acts}>
        <Button
          size="compact-sm"
          disabled={!online}
          loading={decide.isPending && decide.variables}
          onClick={() => decide.mutate(true)}
        >
          {t('policies.yes')}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          disabled={!online || decide.isPending}
          onClick={() => decide.mutate(false)}
        >
          {t('policies.no')}
        </Button>
      </span>
      {decide.error && <ProblemNote problem={decide.error} />}
    </aside>
  );
}
