import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { ListPage } from '../../../shared/list/ListPage.tsx';
import type { Filter } from '../../../shared/list/listQuery.ts';
import { useLeads } from '../../people/rights.ts';
import { useInteractionColumns } from '../list/useInteractionColumns.tsx';
import { useInteractionList } from '../list/useInteractionList.ts';
import { interactionPath, LIST_PATH, NEWEST } from '../paths.ts';

const QUICK = [
  { label: 'interactions.mine', filter: { field: 'agent_id', operator: 'eq', value: 'me' } },
  {
    label: 'interactions.in_progress',
    filter: { field: 'state', operator: 'eq', value: 'in_progress' },
  },
  {
    label: 'interactions.missed',
    filter: { field: 'result', operator: 'in', value: 'abandoned,not_accepted' },
  },
  {
    label: 'interactions.unknown',
    filter: { field: 'customer_name', operator: 'empty', value: 'true' },
  },
] as const satisfies { label: string; filter: Filter }[];

/** Every interaction with every customer: search, sort, filter, page, export (product.md 3.2). */
export function InteractionsPage() {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  return (
    <ListPage
      path={LIST_PATH}
      source={useLeads() ? '/interactions' : null}
      name="interactions"
      newest={NEWEST}
      quick={QUICK.map(({ label, filter }) => ({ label: t(label), filter }))}
      views
      title={t('section.interactions')}
      search={t('interactions.search')}
      columns={useInteractionColumns()}
      useRows={useInteractionList}
      empty={{ title: t('interactions.empty'), text: t('interactions.emptyText') }}
      none={{ title: t('interactions.noneFound'), text: t('interactions.noneFoundText') }}
      onOpen={(row) => navigate(interactionPath(row))}
    />
  );
}
