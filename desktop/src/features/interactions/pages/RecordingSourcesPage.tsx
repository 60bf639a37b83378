import { Autocomplete, Button, Checkbox, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { AdminForm } from '../../../shared/admin/AdminForm.tsx';
import { AdminPage } from '../../../shared/admin/AdminPage.tsx';
import { useForm } from '../../../shared/admin/useForm.ts';
import { api } from '../../../shared/api/client.ts';
import type { RecordingSource } from '../../../shared/api/types.ts';
import type { LiveEvent } from '../../../shared/live/events.ts';
import { listenTo, onLiveEvent, onReload, withEventsMeanwhile } from '../../../shared/live/live.ts';

const PATH = '/administration/recordings';
const KEY = ['recording-sources'];
const FIELDS = ['source', 'template'] as const;
const NEW = { source: '', template: '', active: true };
const EXAMPLE = 'https://recordings.example.com/{started_at:%Y/%m/%d}/{external_id}.mp3';
// What a template may name, as the server says it (features/interactions/recordings/rules.py).
const VARIABLES = [
  'external_id',
  'interaction_id',
  'started_at',
  'ani',
  'dnis',
  'queue',
  'leg_id',
  'extension',
  'agent_id',
  'leg_started_at',
];

interface Sources {
  items: RecordingSource[];
  known: string[];
}

function SourceForm({ source, known }: { source: RecordingSource | null; known: string[] }) {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const client = useQueryClient();
  const form = useForm<typeof NEW>(`recording_source/${source?.source ?? '+'}`, source ?? NEW);
  const { template, active } = form.values;
  const renew = () => client.invalidateQueries({ queryKey: KEY });
  const path = `/recording-sources/${encodeURIComponent(source?.source ?? '')}`;
  const save = useMutation({
    mutationFn: () =>
      source
        ? api.patch<RecordingSource>(path, form.changed)
        : api.post<RecordingSource>('/recording-sources', form.values),
    onSuccess: async (saved) => {
      await renew();
      form.reset();
      if (!source) navigate(`${PATH}/${encodeURIComponent(saved.source)}`);
    },
  });
  const remove = useMutation({
    mutationFn: () => api.delete<void>(path),
    onSuccess: async () => {
      await renew();
      navigate(PATH);
    },
  });
  return (
    <AdminForm
      form={form}
      title={source?.source ?? t('recordingSources.new')}
      action={source ? t('admin.save') : t('recordingSources.add')}
      busy={save.isPending}
      problem={save.error ?? remove.error}
      fields={FIELDS}
      onSave={() => save.mutate()}
      acts={
        source && (
          <Button
            variant="subtle"
            color="gray"
            leftSection={<IconTrash size={14} aria-hidden />}
            loading={remove.isPending}
            onClick={() => remove.mutate()}
          >
            {t('recordingSources.remove')}
          </Button>
        )
      }
    >
      {!source && (
        <Autocomplete
          size="xs"
          label={t('recordingSources.source')}
          description={t('recordingSources.sourceHelp')}
          autoFocus
          data={known}
          comboboxProps={{ withinPortal: false }}
          value={form.values.source}
          error={save.error?.fieldMessage('source')}
          onChange={(value) => form.set({ source: value })}
        />
      )}
      <TextInput
        label={t('recordingSources.template')}
        description={t('recordingSources.templateHelp', {
          names: VARIABLES.map((name) => `{${name}}`).join(', '),
        })}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        placeholder={EXAMPLE}
        dir="ltr"
        value={template}
        error={save.error?.fieldMessage('template')}
        onChange={(event) => form.set({ template: event.currentTarget.value.trim() })}
      />
      {source && (
        <p style={{ overflowWrap: 'anywhere' }}>
          {t('recordingSources.example')} <bdi dir="ltr">{source.example}</bdi>
        </p>
      )}
      <Checkbox
        label={t('recordingSources.active')}
        checked={active}
        onChange={(event) => form.set({ active: event.currentTarget.checked })}
      />
    </AdminForm>
  );
}

function applyToSources(known: Sources, event: LiveEvent): Sources {
  return event.type === 'recording_sources.changed'
    ? { ...known, items: event.payload.items }
    : known;
}

/** Every system with a template, kept current while the page is open. */
function useSources() {
  const client = useQueryClient();
  useEffect(() => {
    const stops = [
      listenTo('recording_sources'),
      onLiveEvent((event) => {
        client.setQueryData<Sources>(KEY, (known) => known && applyToSources(known, event));
      }),
      onReload(() => void client.invalidateQueries({ queryKey: KEY })),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [client]);
  return useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) =>
      withEventsMeanwhile(() => api.get<Sources>('/recording-sources', { signal }), applyToSources),
    // Nobody follows it any more when the page is left: what changes from then on would be missed.
    gcTime: 0,
  });
}

/** Where other systems keep their recordings (product.md 3.8). */
export function RecordingSourcesPage() {
  const { t } = useTranslation();
  const sources = useSources();
  const items = sources.data?.items;
  const free = sources.data?.known.filter((one) => !items?.some(({ source }) => source === one));
  return (
    <AdminPage
      title={t('recordingSources.title')}
      affects={t('recordingSources.affects')}
      path={PATH}
      entity="recording_source"
      words={{
        template: { label: t('recordingSources.template'), show: String },
        active: {
          label: t('recordingSources.active'),
          show: (value) => (value ? t('common.yes') : t('common.no')),
        },
      }}
      items={items?.map((one) => ({
        id: one.source,
        label: one.source,
        note: one.template,
        off: !one.active && t('recordingSources.inactive'),
      }))}
      problem={sources.error}
      onRetry={() => void sources.refetch()}
      add={t('recordingSources.add')}
      form={(id) => (
        <SourceForm source={items?.find((one) => one.source === id) ?? null} known={free ?? []} />
      )}
    />
  );
}
