import { Button, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Uuid } from '../../../shared/api/types.ts';
import { useDesk, useOnline } from '../../../shared/live/live.ts';
import { ProblemNote } from '../../../shared/ui/ProblemNote.tsx';
import { CodePicker } from '../../telephony/components/CodePicker.tsx';
import { applyWrapUp, changeJourneys } from '../api.ts';
import { putActivityIn } from '../changes.ts';
import styles from './CommentForm.module.css';

/** An outcome given to a leg after its call; the last one applied stands (product.md 3.4). */
export function LateWrapUp({ activityId, onDone }: { activityId: Uuid; onDone: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const online = useOnline();
  const codes = useDesk((desk) => desk.wrap_up_codes);
  const [code, setCode] = useState<string | null>(null);
  const [note, setNote] = useState('');
  const apply = useMutation({
    mutationFn: () => applyWrapUp(activityId, code ?? '', note),
    onSuccess: (activity) => {
      changeJourneys(client, (pages) => putActivityIn(pages, activity));
      onDone();
    },
  });
  return (
    <form
      className={styles.form}
      data-card-editor
      onSubmit={(event) => {
        event.preventDefault();
        if (code && online) apply.mutate();
      }}
    >
      <CodePicker codes={codes} value={code} onChange={setCode} />
      <TextInput
        aria-label={t('wrapUp.note')}
        placeholder={t('wrapUp.note')}
        value={note}
        error={apply.error?.fieldMessage('note')}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      {!online && <p className={styles.offline}>{t('connection.cannotSave')}</p>}
      {apply.error && apply.error.errors.length === 0 && <ProblemNote problem={apply.error} />}
      <div className={styles.buttons}>
        <Button type="submit" disabled={!code || !online} loading={apply.isPending}>
          {t('wrapUp.apply')}
        </Button>
        <Button variant="subtle" color="gray" onClick={onDone}>
          {t('common.cancel')}
        </Button>
      </div>
    </form>
  );
}
