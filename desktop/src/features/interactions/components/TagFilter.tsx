import { Autocomplete } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { likeliestTag, useTagsInUse } from '../api.ts';

interface Props {
  tag: string | null;
  onChange: (tag: string | null) => void;
}

/** Narrows to one tag: chosen from those in use, or typed and entered. Mount it anew when the filter is cleared. */
export function TagFilter({ tag, onChange }: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(tag ?? '');
  const client = useQueryClient();
  const proposed = useTagsInUse(typed);
  const choose = (text: string) => onChange(text.trim() || null);
  // What was entered without choosing is the likeliest of those that begin so: those that stand there may be of fewer letters.
  const enter = () => {
    if (typed.trim() === '') choose('');
    else void likeliestTag(client, typed).then(choose, () => choose(typed));
  };
  return (
    <Autocomplete
      size="xs"
      w={140}
      aria-label={t('filter.tag')}
      placeholder={t('filter.anyTag')}
      data={proposed}
      // The server has chosen those that fit, whatever their case and accents.
      filter={({ options }) => options}
      value={typed}
      onChange={(text) => {
        setTyped(text);
        if (text === '') choose(text);
      }}
      onOptionSubmit={choose}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && !event.nativeEvent.isComposing) enter();
      }}
      onBlur={() => setTyped(tag ?? '')}
    />
  );
}
