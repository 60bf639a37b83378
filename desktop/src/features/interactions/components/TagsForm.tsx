import { TagsInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Activity } from '../../../shared/api/types.ts';
import { EntryForm } from '../../../shared/ui/EntryForm.tsx';
import { changeJourneys, setTags, useTagsInUse } from '../api.ts';
import { putActivityIn } from '../changes.ts';

const LONGEST = 50;
const MOST = 50;

/** The tags of an activity: typed, or chosen from those in use (product.md 3.3). */
export function TagsForm({ activity, onDone }: { activity: Activity; onDone: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [tags, setChosen] = useState(activity.tags);
  const [typed, setTyped] = useState('');
  const proposed = useTagsInUse(typed);
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
    <EntryForm
      action={t('tags.save')}
      ready
      busy={save.isPending}
      problem={save.error}
      onSend={() => save.mutate()}
      onCancel={onDone}
    >
      <TagsInput
        aria-label={t('tags.title')}
        placeholder={tags.length === 0 ? t('tags.type') : ''}
        data={proposed}
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
    </EntryForm>
  );
}
