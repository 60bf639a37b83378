import { Button } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { CallView, RequestTag } from '../../../shared/api/types.ts';
import { useOnline } from '../../../shared/live/live.ts';
import { notify } from '../../../shared/ui/notices.ts';
import { ProblemNote } from '../../../shared/ui/ProblemNote.tsx';
import { discardRequest } from '../api.ts';
import { reference } from '../look.ts';
import styles from './Unused.module.css';

/** A request was opened by itself and nobody wrote into it: it may go as if it had never been (product.md 4.4). */
export function Unused({ call, request }: { call: CallView; request: RequestTag }) {
  const { t } = useTranslation();
  const online = useOnline();
  const name = reference(request.number);
  const discard = useMutation({
    mutationFn: () => discardRequest(call.activity_id),
    onSuccess: () => notify('notice.requestDiscarded', null, { values: { name } }),
  });
  return (
    <div className={styles.unused}>
      <p>
        {t('policies.unused', { name })} <bdi className={styles.title}>{request.title}</bdi>
      </p>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconTrash size={14} aria-hidden />}
        disabled={!online}
        loading={discard.isPending}
        onClick={() => discard.mutate()}
      >
        {t('policies.discard', { name })}
      </Button>
      {discard.error && <ProblemNote problem={discard.error} />}
    </div>
  );
}
