import { IconBuilding, IconUser } from '@tabler/icons-react';
import type { ICellRendererParams } from 'ag-grid-community';
import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Attribute, CustomerRow } from '../../../shared/api/types.ts';
import { countryName, languageName } from '../../../shared/format/time.ts';
import type { ListColumn } from '../../../shared/list/columns.ts';
import { fieldColumn } from '../../../shared/list/fieldColumn.tsx';
import { Phone } from '../../../shared/ui/Phone.tsx';
import { RelativeTime } from '../../../shared/ui/RelativeTime.tsx';
import { useAttributes } from '../attributes.ts';
import { shownValue } from '../privacy/mask.ts';
import { addressLine } from '../values.ts';
import styles from './columns.module.css';

export type CustomerColumn = ListColumn<CustomerRow>;
type Cell = ICellRendererParams<CustomerRow>;

/** The channels for which a customer can agree to marketing. */
export const CONSENT_CHANNELS = [
  'voice',
  'email',
  'sms',
  'chat',
  'social',
  'video',
  'web',
] as const;

function Name({ data }: Cell) {
  if (!data) return null;
  const Icon = data.kind === 'company' ? IconBuilding : IconUser;
  return (
    <span className={styles.name}>
      <Icon size={15} aria-hidden className={styles.icon} />
      <bdi title={data.display_name}>{data.display_name}</bdi>
    </span>
  );
}

const primary = (row: CustomerRow) => row.addresses.find((one) => one.primary) ?? row.addresses[0];

function text(of: (row: CustomerRow) => string | null | undefined) {
  return ({ data }: Cell) => {
    const value = data && of(data);
    return value ? <bdi title={value}>{value}</bdi> : null;
  };
}

function moment(of: (row: CustomerRow) => string | null | undefined) {
  return ({ data }: Cell) => {
    const at = data && of(data);
    return at ? <RelativeTime at={at} /> : null;
  };
}

const phone = (key: 'phone_1' | 'phone_2' | 'phone_3' | 'phone_4' | 'phone_5') => ({
  key,
  kind: 'phone' as const,
  mayLack: true,
  cell: ({ data }: Cell) => (data?.[key] ? <Phone value={data[key] as string} /> : null),
});

const named = (key: 'first_name' | 'last_name' | 'company_name') => ({
  key,
  kind: 'text' as const,
  mayLack: true,
  cell: text((row) => row[key]),
});

const placed = (key: 'street' | 'postcode' | 'city' | 'region' | 'country') => ({
  key,
  kind: 'text' as const,
  mayLack: true,
  cell: text((row) => primary(row)?.[key]),
});

/** The columns of system fields, in the order in which the list comes. */
function systemColumns(t: TFunction): CustomerColumn[] {
  const channels = CONSENT_CHANNELS.map((value) => ({ value, label: t(`channel.${value}`) }));
  return [
    {
      key: 'display_name',
      kind: 'text',
      label: t('list.name'),
      width: 240,
      least: 200,
      pinned: true,
      cell: Name,
    },
    { ...phone('phone_1'), label: t('field.phone_1'), width: 156, least: 156 },
    {
      key: 'email',
      kind: 'text',
      label: t('field.email'),
      width: 230,
      least: 160,
      mayLack: true,
      cell: text((row) => row.email),
    },
    { ...placed('city'), label: t('field.city'), width: 120, least: 110 },
    { ...named('company_name'), label: t('field.company_name'), width: 160, least: 110 },
    {
      key: 'preferred_language',
      kind: 'text',
      label: t('field.preferred_language'),
      width: 110,
      least: 96,
      mayLack: true,
      operators: ['eq', 'ne', 'in'],
      cell: text((row) => row.preferred_language && languageName(row.preferred_language)),
    },
    {
      key: 'last_contact_at',
      kind: 'instant',
      label: t('list.lastContact'),
      width: 140,
      least: 120,
      mayLack: true,
      cell: moment((row) => row.last_contact?.at),
    },
    {
      key: 'created_at',
      kind: 'instant',
      label: t('list.created'),
      width: 140,
      least: 120,
      cell: moment((row) => row.created_at),
    },
    {
      key: 'number',
      kind: 'number',
      label: t('list.number'),
      width: 90,
      least: 80,
      cell: ({ data }) => <span className="rd-figures">{data?.number}</span>,
    },
    { ...named('first_name'), label: t('field.first_name'), width: 130, least: 100, extra: true },
    { ...named('last_name'), label: t('field.last_name'), width: 130, least: 100, extra: true },
    {
      key: 'kind',
      kind: 'choice',
      label: t('field.kind'),
      width: 110,
      least: 90,
      extra: true,
      options: [
        { value: 'person', label: t('customer.person') },
        { value: 'company', label: t('customer.company') },
      ],
      cell: text((row) => t(row.kind === 'company' ? 'customer.company' : 'customer.person')),
    },
    ...(['phone_2', 'phone_3', 'phone_4', 'phone_5'] as const).map(
      (key): CustomerColumn => ({
        ...phone(key),
        label: t(`field.${key}`),
        width: 156,
        least: 130,
        extra: true,
      }),
    ),
    ...(['street', 'postcode', 'region', 'country'] as const).map(
      (key): CustomerColumn => ({
        ...placed(key),
        label: t(`field.${key}`),
        width: 130,
        least: 90,
        extra: true,
      }),
    ),
    {
      key: 'addresses',
      kind: 'text',
      label: t('card.addresses'),
      width: 260,
      least: 130,
      extra: true,
      sortable: false,
      filterable: false,
      cell: text((row) =>
        row.addresses.map((one) => addressLine(one, countryName(one.country))).join(' · '),
      ),
    },
    {
      key: 'consent',
      kind: 'choices',
      label: t('listView.consent'),
      width: 160,
      least: 110,
      extra: true,
      sortable: false,
      options: channels,
      cell: text((row) =>
        channels
          .filter(({ value }) => row.consent[value])
          .map(({ label }) => label)
          .join(', '),
      ),
    },
    {
      key: 'external_id',
      kind: 'text',
      label: t('import.externalId'),
      width: 130,
      least: 100,
      extra: true,
      mayLack: true,
      cell: text((row) => row.external_id),
    },
    {
      key: 'updated_at',
      kind: 'instant',
      label: t('list.updated'),
      width: 140,
      least: 120,
      extra: true,
      cell: moment((row) => row.updated_at),
    },
    {
      key: 'archived_at',
      kind: 'instant',
      label: t('listView.archived'),
      width: 140,
      least: 120,
      extra: true,
      mayLack: true,
      cell: moment((row) => row.archived_at),
    },
  ];
}

function attributeColumn(one: Attribute, t: TFunction): CustomerColumn {
  const ready = one.index.state === 'ready';
  const show = (row: CustomerRow) => {
    const value = row.attributes[one.key];
    return value === undefined || value === null ? null : shownValue(one, value, t);
  };
  if (one.privacy === 'sensitive') {
    return {
      key: `attributes.${one.key}`,
      kind: 'text',
      label: one.label,
      width: 140,
      least: 96,
      extra: true,
      mayLack: true,
      sortable: false,
      operators: ['eq'],
      cell: ({ data }) => data && show(data),
    };
  }
  return {
    ...fieldColumn(`attributes.${one.key}`, one, show),
    sortable: ready && one.index.sortable,
    filterable: ready && one.index.searchable,
  };
}

/** Every column of the customer list: those of system fields, and those that administrators added. */
export function useCustomerColumns(): readonly CustomerColumn[] {
  const { t, i18n } = useTranslation();
  const attributes = useAttributes();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the headings hang on the language
  return useMemo(
    () => [...systemColumns(t), ...(attributes ?? []).map((one) => attributeColumn(one, t))],
    [t, i18n.language, JSON.stringify(attributes)],
  );
}
