import type { ICellRendererParams } from 'ag-grid-community';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditEntry } from '../../shared/api/types.ts';
import { exactTime } from '../../shared/format/time.ts';
import type { ListColumn } from '../../shared/list/columns.ts';
import { useUsers } from '../people/api.ts';
import { KINDS, nameOf } from './look.ts';

type Cell = ICellRendererParams<AuditEntry>;

/** What was done, in words where we have them. */
export function useWords() {
  const { t } = useTranslation();
  return useMemo(() => {
    const kind = (entity: string) => t(`audit.kinds.${entity}`, { defaultValue: entity });
    const action = (name: string) => {
      const [entity = '', verb = ''] = name.split('.');
      const byKind = t(`audit.verbs.${verb}`, { kind: kind(entity), defaultValue: name });
      return t(`audit.actions.${entity}_${verb}`, { defaultValue: byKind });
    };
    return { kind, action };
  }, [t]);
}

/** The columns of the audit trail. */
export function useAuditColumns(): ListColumn<AuditEntry>[] {
  const { t } = useTranslation();
  const words = useWords();
  const users = useUsers(true).data;
  return useMemo(
    () => [
      {
        key: 'at',
        kind: 'instant',
        label: t('audit.at'),
        width: 190,
        least: 180,
        pinned: true,
        cell: ({ data }: Cell) => data && <span className="rd-figures">{exactTime(data.at)}</span>,
      },
      {
        key: 'actor_id',
        kind: 'choice',
        label: t('audit.actor'),
        width: 160,
        least: 120,
        mayLack: true,
        sortable: false,
        operators: ['eq'],
        options: (users ?? []).map((one) => ({ value: one.id, label: one.name })),
        cell: ({ data }: Cell) => data && <bdi title={data.actor}>{data.actor}</bdi>,
      },
      {
        key: 'action',
        kind: 'text',
        label: t('audit.action'),
        width: 200,
        least: 140,
        sortable: false,
        operators: ['starts', 'eq', 'ne', 'in'],
        cell: ({ data }: Cell) =>
          data && <span title={data.action}>{words.action(data.action)}</span>,
      },
      {
        key: 'entity',
        kind: 'choice',
        label: t('audit.entity'),
        width: 130,
        least: 110,
        sortable: false,
        options: KINDS.map((value) => ({ value, label: words.kind(value) })),
        cell: ({ data }: Cell) => data && words.kind(data.entity),
      },
      {
        key: 'entity_id',
        kind: 'text',
        label: t('audit.record'),
        width: 260,
        least: 160,
        sortable: false,
        operators: ['eq'],
        mayLack: true,
        cell: ({ data }: Cell) => {
          const name = data && nameOf(data);
          return name ? <bdi title={name}>{name}</bdi> : null;
        },
      },
    ],
    [t, words, users],
  );
}
