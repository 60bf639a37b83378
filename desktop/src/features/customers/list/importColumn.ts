import { useTranslation } from 'react-i18next';
import { useImports } from '../imports/api.ts';
import type { CustomerColumn } from './columns.tsx';

/** What the list can be narrowed by, but does not show: the file that brought or changed a customer. */
export function useImportFilter(leads: boolean): CustomerColumn {
  const { t } = useTranslation();
  const imports = useImports(leads);
  return {
    key: 'import',
    kind: 'choice',
    label: t('listView.import'),
    width: 0,
    least: 0,
    operators: ['eq'],
    filterable: leads,
    options: (imports.data ?? []).map(({ id, file_name }) => ({ value: id, label: file_name })),
  };
}
