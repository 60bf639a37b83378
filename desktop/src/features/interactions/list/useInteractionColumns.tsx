import { IconArrowDownLeft, IconArrowUpRight } from '@tabler/icons-react';
import type { ICellRendererParams } from 'ag-grid-community';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { CHANNELS, type Direction, type InteractionRow } from '../../../shared/api/types.ts';
import { duration } from '../../../shared/format/time.ts';
import { labelOf } from '../../../shared/i18n/labels.ts';
import type { ListColumn } from '../../../shared/list/columns.ts';
import { useDesk } from '../../../shared/live/live.ts';
import { Phone } from '../../../shared/ui/Phone.tsx';
import { RelativeTime } from '../../../shared/ui/RelativeTime.tsx';
import { useUsers } from '../../people/api.ts';
import { reference } from '../../requests/look.ts';
import { Timer } from '../../telephony/components/Timer.tsx';
import { CHANNEL_ICON } from '../look.ts';
import styles from './list.module.css';

type Cell = ICellRendererParams<InteractionRow>;
type Column = ListColumn<InteractionRow>;

const RESULTS = [
  'answered',
  'abandoned',
  'not_accepted',
  'ivr_only',
  'busy',
  'no_answer',
  'failed',
] as const;

const text =
  (of: (row: InteractionRow) => string | null) =>
  ({ data }: Cell) => {
    const value = data && of(data);
    return value ? <bdi title={value}>{value}</bdi> : null;
  };

const moment =
  (of: (row: InteractionRow) => string | null) =>
  ({ data }: Cell) => {
    const at = data && of(data);
    return at ? <RelativeTime at={at} /> : null;
  };

const number =
  (of: (row: InteractionRow) => string | null) =>
  ({ data }: Cell) => {
    const value = data && of(data);
    return value ? <Phone value={value} /> : null;
  };

function Arrow({ direction, named }: { direction: Direction; named: boolean }) {
  const { t } = useTranslation();
  const Icon = direction === 'inbound' ? IconArrowDownLeft : IconArrowUpRight;
  const name = named ? { 'aria-label': t(`interaction.${direction}`), role: 'img' } : {};
  return <Icon size={14} {...name} aria-hidden={!named} />;
}

function ChannelCell({ data }: Cell) {
  const { t } = useTranslation();
  if (!data) return null;
  const Icon = CHANNEL_ICON[data.channel];
  return (
    <span className={styles.cell}>
      <Icon size={16} aria-hidden />
      <Arrow direction={data.direction} named />
      <span className={styles.word}>{t(`channel.${data.channel}`)}</span>
    </span>
  );
}

function DirectionCell({ data }: Cell) {
  const { t } = useTranslation();
  if (!data) return null;
  return (
    <span className={styles.cell}>
      <Arrow direction={data.direction} named={false} />
      <span className={styles.word}>{t(`interaction.${data.direction}`)}</span>
    </span>
  );
}

function CustomerCell({ data }: Cell) {
  const { t } = useTranslation();
  if (!data) return null;
  if (data.customer_id) return <bdi title={data.customer_name ?? ''}>{data.customer_name}</bdi>;
  const candidates = data.candidates;
  return (
    <span className={styles.dim}>
      {candidates ? t('interactions.maybe', { count: candidates }) : t('interactions.unknown')}
    </span>
  );
}

function DurationCell({ data }: Cell) {
  if (!data) return null;
  if (data.state === 'in_progress') return <Timer since={data.started_at} />;
  return data.duration_s === null ? null : (
    <span className="rd-figures">{duration(data.duration_s)}</span>
  );
}

/** The columns of the list of interactions, in the order in which the list comes (product.md 3.2). */
export function useInteractionColumns(): Column[] {
  const { t } = useTranslation();
  const users = useUsers(true).data;
  const codes = useDesk((desk) => desk.wrap_up_codes);
  return useMemo(() => {
    const outcome = (code: string) => {
      const known = codes.find((one) => one.code === code);
      return known ? labelOf(known) : code;
    };
    const choices = <Value extends string>(
      values: readonly Value[],
      word: (one: Value) => string,
    ) => values.map((value) => ({ value, label: word(value) }));
    const plain = { sortable: false, mayLack: true } as const;
    const columns: Column[] = [
      {
        key: 'started_at',
        kind: 'instant',
        label: t('interactions.start'),
        width: 124,
        least: 116,
        pinned: true,
        cell: moment((row) => row.started_at),
      },
      {
        key: 'channel',
        kind: 'choice',
        label: t('interactions.channel'),
        width: 150,
        least: 146,
        sortable: false,
        options: choices(CHANNELS, (one) => t(`channel.${one}`)),
        cell: ChannelCell,
      },
      {
        key: 'ani',
        kind: 'phone',
        label: t('interaction.customerNumber'),
        width: 150,
        least: 148,
        mayLack: true,
        operators: ['starts', 'eq', 'in'],
        cell: number((row) => row.ani),
      },
      {
        key: 'customer_name',
        kind: 'text',
        label: t('interactions.customer'),
        width: 170,
        least: 140,
        ...plain,
        cell: CustomerCell,
      },
      {
        key: 'queue',
        kind: 'text',
        label: t('interactions.queue'),
        width: 110,
        least: 90,
        mayLack: true,
        cell: text((row) => row.queue),
      },
      {
        key: 'agent_id',
        kind: 'choice',
        label: t('interactions.agents'),
        width: 130,
        least: 100,
        ...plain,
        operators: ['eq'],
        options: [
          { value: 'me', label: t('interactions.me') },
          ...(users ?? []).map((one) => ({ value: one.id, label: one.name })),
        ],
        cell: text((row) => row.agents.join(', ')),
      },
      {
        key: 'result',
        kind: 'choice',
        label: t('interactions.result'),
        width: 120,
        least: 110,
        ...plain,
        options: choices(RESULTS, (one) => t(`result.${one}`)),
        cell: text((row) =>
          row.state === 'in_progress'
            ? t('interaction.inProgress')
            : row.result && t(`result.${row.result}`, { defaultValue: row.result }),
        ),
      },
      {
        key: 'wrap_up',
        kind: 'choice',
        label: t('interactions.wrapUp'),
        width: 140,
        least: 110,
        ...plain,
        operators: ['eq', 'in'],
        options: codes.map((one) => ({ value: one.code, label: labelOf(one) })),
        cell: text((row) => row.wrap_up && outcome(row.wrap_up)),
      },
      {
        key: 'request_number',
        kind: 'text',
        label: t('interactions.request'),
        width: 170,
        least: 120,
        ...plain,
        operators: ['eq', 'in'],
        cell: text((row) =>
          row.request_number === null
            ? null
            : [reference(row.request_number), row.request_title].join(' '),
        ),
      },
      {
        key: 'tag',
        kind: 'text',
        label: t('interactions.tags'),
        width: 130,
        least: 100,
        ...plain,
        operators: ['starts', 'eq', 'in'],
        cell: text((row) => row.tags.join(', ')),
      },
      {
        key: 'duration_s',
        kind: 'number',
        label: t('interactions.duration'),
        width: 90,
        least: 84,
        mayLack: true,
        operators: ['gte', 'lte'],
        cell: DurationCell,
      },
    ];
    const extras: Column[] = [
      {
        key: 'direction',
        kind: 'choice',
        label: t('interactions.direction'),
        width: 110,
        least: 100,
        sortable: false,
        options: choices(['inbound', 'outbound'] as const, (one) => t(`interaction.${one}`)),
        cell: DirectionCell,
      },
      {
        key: 'dnis',
        kind: 'phone',
        label: t('interaction.ourNumber'),
        width: 150,
        least: 130,
        ...plain,
        operators: ['starts', 'eq', 'in'],
        cell: number((row) => row.dnis),
      },
      {
        key: 'type',
        kind: 'choice',
        label: t('interactions.type'),
        width: 90,
        least: 80,
        sortable: false,
        options: choices(['agent', 'ivr'] as const, (one) => t(`activity.${one}`)),
        cell: text((row) => t(`activity.${row.type}`)),
      },
      {
        key: 'state',
        kind: 'choice',
        label: t('interactions.state'),
        width: 110,
        least: 100,
        sortable: false,
        options: choices(['in_progress', 'ended'] as const, (one) => t(`interactions.${one}`)),
        cell: text((row) => t(`interactions.${row.state}`)),
      },
      {
        key: 'answered_at',
        kind: 'instant',
        label: t('interactions.answered'),
        width: 130,
        least: 110,
        ...plain,
        cell: moment((row) => row.answered_at),
      },
      {
        key: 'ended_at',
        kind: 'instant',
        label: t('interactions.end'),
        width: 130,
        least: 110,
        ...plain,
        cell: moment((row) => row.ended_at),
      },
      {
        key: 'source',
        kind: 'text',
        label: t('interactions.source'),
        width: 120,
        least: 100,
        sortable: false,
        operators: ['eq', 'starts', 'in'],
        cell: text((row) => row.source),
      },
      {
        key: 'external_id',
        kind: 'text',
        label: t('interactions.externalId'),
        width: 160,
        least: 120,
        ...plain,
        operators: ['eq', 'starts', 'in'],
        cell: text((row) => row.external_id),
      },
    ];
    return [...columns, ...extras.map((one) => ({ ...one, extra: true }))];
  }, [t, users, codes]);
}
