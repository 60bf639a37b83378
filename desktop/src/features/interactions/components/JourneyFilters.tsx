import { Button, NativeSelect } from '@mantine/core';
import { IconFilterX, IconFolder, IconHistory } from '@tabler/icons-react';
import { type ReactNode, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { CHANNELS } from '../../../shared/api/types.ts';
import { useCommand } from '../../../shared/keys/useCommand.ts';
import { type JourneyFilter, NO_FILTER } from '../../../shared/live/resources.ts';
import { useUsers } from '../../people/api.ts';
import { isNarrowed } from '../filter.ts';
import { DateFilter } from './DateFilter.tsx';
import styles from './JourneyFilters.module.css';
import { TagFilter } from './TagFilter.tsx';

interface Props {
  filter: JourneyFilter;
  onChange: (filter: JourneyFilter) => void;
  /** Whether what was done to the card shows, too. */
  changes: boolean;
  onChanges: (shown: boolean) => void;
  /** Whether openings and closings of requests show, too. */
  requests: boolean;
  onRequests: (shown: boolean) => void;
}

interface ShowsProps {
  icon: ReactNode;
  label: string;
  help: string;
  shown: boolean;
  /** Whether the filter leaves nothing of it. */
  excluded: boolean;
  onChange: (shown: boolean) => void;
}

/** Whether something else stands among the interactions, too. */
function Shows({ icon, label, help, shown, excluded, onChange }: ShowsProps) {
  return (
    <Button
      size="xs"
      variant="subtle"
      color="gray"
      className={styles.changes ?? ''}
      px={8}
      leftSection={icon}
      aria-pressed={shown && !excluded}
      disabled={excluded}
      title={help}
      onClick={() => onChange(!shown)}
    >
      {label}
    </Button>
  );
}

/** Narrows the journey by channel, agent, tag and dates. */
export function JourneyFilters(props: Props) {
  const { filter, onChange, changes, onChanges, requests, onRequests } = props;
  const { t } = useTranslation();
  const first = useRef<HTMLSelectElement>(null);
  const users = useUsers(true);
  useCommand('go.filter', () => first.current?.focus());
  useCommand('journey.changes', () => onChanges(!changes));
  useCommand('journey.requests', () => onRequests(!requests));
  const narrowed = isNarrowed(filter);
  // Requests have neither channel nor tag.
  const excluded = filter.channel !== null || filter.tag !== null;
  const set = (change: Partial<JourneyFilter>) => onChange({ ...filter, ...change });

  return (
    <search className={styles.filters} aria-label={t('filter.label')}>
      <NativeSelect
        ref={first}
        size="xs"
        aria-label={t('filter.channel')}
        data-set={filter.channel !== null || undefined}
        value={filter.channel ?? ''}
        onChange={(event) => set({ channel: event.currentTarget.value || null })}
        data={[
          { value: '', label: t('filter.anyChannel') },
          ...CHANNELS.map((channel) => ({ value: channel, label: t(`channel.${channel}`) })),
        ]}
      />
      <NativeSelect
        size="xs"
        className={styles.agent ?? ''}
        aria-label={t('filter.agent')}
        value={filter.agent ?? ''}
        onChange={(event) => set({ agent: event.currentTarget.value || null })}
        data={[
          { value: '', label: t('filter.anyAgent') },
          ...(users.data ?? []).map((user) => ({ value: user.id, label: user.name })),
        ]}
      />
      <TagFilter
        key={filter.tag}
        tag={filter.tag}
        onChange={(tag) => tag !== filter.tag && set({ tag })}
      />
      <DateFilter range={{ from: filter.from, to: filter.to }} onChange={set} />
      <Shows
        icon={<IconFolder size={14} aria-hidden />}
        label={t('milestones.show')}
        help={t(excluded ? 'milestones.excluded' : 'milestones.help')}
        shown={requests}
        excluded={excluded}
        onChange={onRequests}
      />
      <Shows
        icon={<IconHistory size={14} aria-hidden />}
        label={t('changes.show')}
        help={t(narrowed ? 'changes.notNarrowed' : 'changes.help')}
        shown={changes}
        excluded={narrowed}
        onChange={onChanges}
      />
      {narrowed && (
        <Button
          variant="subtle"
          color="gray"
          px={8}
          leftSection={<IconFilterX size={14} aria-hidden />}
          onClick={() => onChange(NO_FILTER)}
        >
          {filter.interaction ? t('filter.wholeJourney') : t('filter.clear')}
        </Button>
      )}
    </search>
  );
}
