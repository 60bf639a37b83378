import { Button, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Uuid } from '../../../shared/api/types.ts';
import { KeyCaps } from '../../../shared/keys/KeyCaps.tsx';
import { useOnline } from '../../../shared/live/live.ts';
import { ProblemNote } from '../../../shared/ui/ProblemNote.tsx';
import { addComment, changeJourneys } from '../api.ts';
import { putCommentOn } from '../changes.ts';
import styles from './CommentForm.module.css';

/** A new remark about an activity. It cannot be changed afterwards, and says so. */
export function CommentForm({ activityId, onDone }: { activityId: Uuid; onDone: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const online = useOnline();
  const [text, setText] = useState('');
  const add = useMutation({
    mutationFn: () => addComment(activityId, text.trim()),
    onSuccess: (comment) => {
      changeJourneys(client, (pages) => putCommentOn(pages, activityId, comment));
      onDone();
    },
  });
  const ready = text.trim() !== '' && online && !add.isPending;
  return (
    <form
      className={styles.form}
      data-card-editor
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) add.mutate();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && text.trim() === '') onDone();
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
          event.preventDefault();
          event.currentTarget.requestSubmit();
        }
      }}
    >
      <Textarea
        aria-label={t('comment.text')}
        placeholder={t('comment.text')}
        description={t('comment.immutable')}
        inputWrapperOrder={['input', 'description', 'error']}
        autosize
        minRows={2}
        // The form was opened by a click on "comment": writing is what comes next.
        autoFocus
        value={text}
        error={add.error?.fieldMessage('text')}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {!online && <p className={styles.offline}>{t('connection.cannotSave')}</p>}
      {add.error && add.error.errors.length === 0 && <ProblemNote problem={add.error} />}
      <div className={styles.buttons}>
        <Button
          type="submit"
          disabled={!ready}
          loading={add.isPending}
          rightSection={<KeyCaps keys="Mod+Enter" />}
        >
          {t('comment.save')}
        </Button>
        <Button variant="subtle" color="gray" onClick={onDone}>
          {t('common.cancel')}
        </Button>
      </div>
    </form>
  );
}
