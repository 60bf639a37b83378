import { Button } from '@mantine/core';
import { IconPhoneEnd, IconPlayerStop } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { CallView } from '../../../shared/api/types.ts';
import { useCommand } from '../../../shared/keys/useCommand.ts';
import { useOnline } from '../../../shared/live/live.ts';
import { reportProblem } from '../../../shared/ui/notices.ts';
import { endInteraction } from '../../desk/actions.ts';
import styles from './ByHand.module.css';

/** A conversation that no telephone system tells the end of: its agent ends it here, and says whether the customer was reached. */
export function ByHand({ call }: { call: CallView }) {
  const { t } = useTranslation();
  const online = useOnline();
  const end = useMutation({
    mutationFn: (reached: boolean) => endInteraction(call.activity_id, reached),
    onError: reportProblem('notice.notEnded'),
  });
  const asks = call.direction === 'outbound' && call.channel === 'voice';
  useCommand('call.end', () => end.mutate(true), online);
  return (
    <span className={styles.acts}>
      <Button
        size="compact-sm"
        variant="default"
        disabled={!online || end.isPending}
        leftSection={<IconPlayerStop size={14} aria-hidden />}
        onClick={() => end.mutate(true)}
      >
        {t('reply.end')}
      </Button>
      {asks && (
        <Button
          size="compact-sm"
          variant="default"
          disabled={!online || end.isPending}
          leftSection={<IconPhoneEnd size={14} aria-hidden />}
          onClick={() => end.mutate(false)}
        >
          {t('reply.notReached')}
        </Button>
      )}
    </span>
  );
}
