import { Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Uuid } from '../../../shared/api/types.ts';
import { EntryForm } from '../../../shared/ui/EntryForm.tsx';
import { addComment, changeJourneys } from '../api.ts';
import { putCommentOn } from '../changes.ts';

/** A new remark about an activity. It cannot be changed afterwards, and says so. */
export function CommentForm({ activityId, onDone }: { activityId: Uuid; onDone: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [text, setText] = useState('');
  const add = useMutation({
    mutationFn: () => addComment(activityId, text.trim()),
    onSuccess: (comment) => {
      changeJourneys(client, (pages) => putCommentOn(pages, activityId, comment));
      onDone();
    },
  });
  return (
    <EntryForm
      action={t('comment.save')}
      ready={text.trim() !== ''}
      busy={add.isPending}
      problem={add.error?.errors.length === 0 ? add.error : null}
      onSend={() => add.mutate()}
      onCancel={onDone}
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
        onKeyDown={(event) => {
          if (event.key === 'Escape' && text.trim() === '') onDone();
        }}
      />
    </EntryForm>
  );
}
