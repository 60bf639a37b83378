import { Button, TagsInput } from '@mantine/core';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Activity } from '../../../shared/api/types.ts';
import { KeyCaps } from '../../../shared/keys/KeyCaps.tsx';
import { useOnline } from '../../../shared/live/live.ts';
import { ProblemNote } from '../../../shared/ui/ProblemNote.tsx';
import { changeJourneys, fetchTags, setTags } from '../api.ts';
import { putActivityIn } from '../changes.ts';
import styles from './CommentForm.module.css';

const LONGEST = 50;
const MOST = 50;

/** The tags of an activity: typed, or chosen from those in use (product.md 3.3). */
export function TagsForm({ activity, onDone }: { activity: Activity; onDone: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const online = useOnline();
  const [tags, setChosen] = useState(activity.tags);
  const [typed, setTyped] = useState('');
  const proposed = useQuery({
    queryKey: ['tags', typed.trim()],
    queryFn: () => fetchTags(typed.trim()),
    placeholderData: keepPreviousData,
  });
  const save = useMutation({
    // A tag that was typed and not yet entered is meant, too.
    mutationFn: () => setTags(activity.id, typed.trim() ? [...tags, typed.trim()] : tags),
    onSuccess: (saved) => {
      changeJourneys(client, (pages) => putActivityIn(pages, saved));
      void client.invalidateQueries({ queryKey: ['tags'] });
      onDone();
    },
  });
  return (
    <form
      className={styles.form}
      data-card-editor
      onSubmit={(event) => {
        event.preventDefault();
        if (online) save.mutate();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
          event.preventDefault();
          event.currentTarget.requestSubmit();
        }
      }}
    >
      <TagsInput
        aria-label={t('tags.title')}
        placeholder={tags.length === 0 ? t('tags.type') : ''}
        data={proposed.data?.items.map((tag) => tag.name) ?? []}
        // The server has chosen those that fit, whatever their case and accents.
        filter={({ options }) => options}
        value={tags}
        onChange={setChosen}
        searchValue={typed}
        onSearchChange={setTyped}
        maxTags={MOST}
        maxLength={LONGEST}
        isDuplicate={(value, current) =>
          current.some((tag) => tag.toLocaleLowerCase() === value.toLocaleLowerCase())
        }
        clearable={false}
        // Above: below, the list would lie on the button that saves.
        comboboxProps={{ position: 'top-start' }}
        // The form was opened by a click on "tags": writing is what comes next.
        autoFocus
      />
      {!online && <p className={styles.offline}>{t('connection.cannotSave')}</p>}
      {save.error && <ProblemNote problem={save.error} />}
      <div className={styles.buttons}>
        <Button
          type="submit"
          disabled={!online}
          loading={save.isPending}
          rightSection={<KeyCaps keys="Mod+Enter" />}
        >
          {t('tags.save')}
        </Button>
        <Button variant="subtle" color="gray" onClick={onDone}>
          {t('common.cancel')}
        </Button>
      </div>
    </form>
  );
}
