import { NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dayEnd, dayStart, daysBack, fieldDay } from '../filter.ts';
import styles from './JourneyFilters.module.css';

interface Range {
  from: string | null;
  to: string | null;
}

const PRESETS = [1, 7, 30, 365] as const;
type Choice = '' | 'own' | `${(typeof PRESETS)[number]}`;

/** Dates in two steps: the usual stretches at once, the two date fields only when asked for. */
export function DateFilter({
  range,
  onChange,
}: {
  range: Range;
  onChange: (range: Range) => void;
}) {
  const { t } = useTranslation();
  const [choice, setChoice] = useState<Choice>('');
  const none = range.from === null && range.to === null;
  const shown = none && choice !== 'own' ? '' : choice;
  const choose = (next: Choice) => {
    setChoice(next);
    if (next === '') onChange({ from: null, to: null });
    else if (next !== 'own') onChange({ from: daysBack(Number(next)), to: null });
  };
  return (
    <>
      <NativeSelect
        size="xs"
        aria-label={t('filter.dates')}
        value={shown}
        onChange={(event) => choose(event.currentTarget.value as Choice)}
        data={[
          { value: '', label: t('filter.anyDate') },
          ...PRESETS.map((days) => ({
            value: String(days),
            label: days === 1 ? t('filter.today') : t('filter.lastDays', { days }),
          })),
          { value: 'own', label: t('filter.ownDates') },
        ]}
      />
      {shown === 'own' && (
        <span className={styles.dates}>
          <TextInput
            type="date"
            aria-label={t('filter.from')}
            value={fieldDay(range.from)}
            max={fieldDay(range.to)}
            onChange={(event) => onChange({ ...range, from: dayStart(event.currentTarget.value) })}
          />
          <span aria-hidden>–</span>
          <TextInput
            type="date"
            aria-label={t('filter.to')}
            value={fieldDay(range.to)}
            min={fieldDay(range.from)}
            onChange={(event) => onChange({ ...range, to: dayEnd(event.currentTarget.value) })}
          />
        </span>
      )}
    </>
  );
}
