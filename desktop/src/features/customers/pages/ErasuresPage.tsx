import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { ListPage } from '../../../shared/list/ListPage.tsx';
import { useErasureColumns, useErasures } from '../privacy/useErasures.tsx';

/** Who was erased when, by whom and why: numbers, no names; Enter shows what is left (product.md 1.9). */
export function ErasuresPage() {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  return (
    <ListPage
      path="/administration/erasures"
      source="/customer-erasures"
      name="erasures"
      title={t('erasures.title')}
      search={t('erasures.search')}
      empty={{ title: t('erasures.none'), text: t('erasures.noneText') }}
      none={{ title: t('erasures.noneFound'), text: t('erasures.noneFoundText') }}
      columns={useErasureColumns()}
      useRows={useErasures}
      onOpen={(row) => navigate(`/desk/customers/${row.customer_id}`)}
    />
  );
}
