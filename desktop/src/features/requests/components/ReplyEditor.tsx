import { Button, Textarea, TextInput } from '@mantine/core';
import { IconMessagePlus, IconTag } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useForm } from '../../../shared/admin/useForm.ts';
import type { CallView, Request } from '../../../shared/api/types.ts';
import { NO_FILTER } from '../../../shared/live/resources.ts';
import { SendForm } from '../../../shared/ui/SendForm.tsx';
import { useJourney } from '../../interactions/api.ts';
import { CommentForm } from '../../interactions/components/CommentForm.tsx';
import { Comments } from '../../interactions/components/Comments.tsx';
import { TagsForm } from '../../interactions/components/TagsForm.tsx';
import { editRequest } from '../api.ts';
import { reference } from '../look.ts';
import styles from './ReplyEditor.module.css';

const FIELDS = ['title', 'description'] as const;

/** Tags and comments of the agent's own part of the conversation. */
function OwnPart({ call }: { call: CallView }) {
  const { t } = useTranslation();
  const [writing, setWriting] = useState<'comment' | 'tags' | null>(null);
  const journey = useJourney(call.customer?.id ?? '', NO_FILTER);
  const leg = journey.data?.pages
    .flatMap((page) => page.items)
    .find((one) => one.id === call.interaction_id)
    ?.activities.find((one) => one.id === call.activity_id);
  if (!leg) return null;
  return (
    <div className={styles.part}>
      <div className={styles.acts}>
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          leftSection={<IconMessagePlus size={14} aria-hidden />}
          onClick={() => setWriting('comment')}
        >
          {t('comment.add')}
        </Button>
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          leftSection={<IconTag size={14} aria-hidden />}
          onClick={() => setWriting('tags')}
        >
          {t('tags.title')}
        </Button>
        {leg.tags.map((tag) => (
          <bdi key={tag} className={styles.tag}>
            {tag}
          </bdi>
        ))}
      </div>
      <Comments activityId={leg.id} comments={leg.comments} />
      {writing === 'comment' && <CommentForm activityId={leg.id} onDone={() => setWriting(null)} />}
      {writing === 'tags' && <TagsForm activity={leg} onDone={() => setWriting(null)} />}
    </div>
  );
}

interface Props {
  request: Request;
  /** The conversation about it that is on the desk. */
  call: CallView | null;
  onClose: () => void;
}

/** The request of the current conversation, edited where it stands: title, description, tags, comments (product.md 4.2). */
export function ReplyEditor({ request, call, onClose }: Props) {
  const { t } = useTranslation();
  const { title, description } = request;
  // The same name as on the request's page: what is typed here and not saved waits there, too.
  const form = useForm(`request/${request.id}`, { title, description });
  const first = useRef<HTMLInputElement>(null);
  const save = useMutation({
    mutationFn: () => editRequest(request, form.changed),
    onSuccess: form.reset,
  });
  // It was asked for by a button or key: writing is what comes next.
  useEffect(() => first.current?.select(), []);
  return (
    <section
      className={styles.editor}
      aria-label={reference(request.number)}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented && !form.isChanged) onClose();
      }}
    >
      <SendForm
        className={styles.form}
        onCard
        action={t('admin.save')}
        ready={form.isChanged}
        busy={save.isPending}
        problem={save.error?.isBeside(FIELDS) ? null : save.error}
        onSend={() => save.mutate()}
        acts={
          <Button
            variant="subtle"
            color="gray"
            onClick={() => {
              form.reset();
              onClose();
            }}
          >
            {form.isChanged ? t('admin.reset') : t('common.close')}
          </Button>
        }
      >
        <TextInput
          ref={first}
          label={t('request.title')}
          dir="auto"
          maxLength={200}
          value={form.values.title}
          error={save.error?.fieldMessage('title')}
          onChange={(event) => form.set({ title: event.currentTarget.value })}
        />
        <Textarea
          label={t('request.description')}
          dir="auto"
          autosize
          minRows={2}
          maxRows={8}
          value={form.values.description}
          error={save.error?.fieldMessage('description')}
          onChange={(event) => form.set({ description: event.currentTarget.value })}
        />
        {form.overtaken.length > 0 && (
          <p role="alert" className={styles.overtaken}>
            {t('admin.overtaken')}
          </p>
        )}
      </SendForm>
      {call && <OwnPart call={call} />}
    </section>
  );
}
