import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { API_BASE } from '../api/client.ts';
import { type ListQuery, parametersOf } from './listQuery.ts';

interface Props {
  /** The list's address in the API. */
  path: string;
  query: ListQuery;
  /** The columns to take, in their order; without them the server says which. */
  columns?: readonly string[];
}

/** Takes a list away as it is asked for, all of its pages, as CSV. */
export function ExportButton({ path, query, columns }: Props) {
  const { t } = useTranslation();
  const params = parametersOf(query);
  params.delete('page');
  params.delete('page_size');
  if (columns) params.set('columns', columns.join(','));
  return (
    <Button
      component="a"
      href={`${API_BASE}${path}/export.csv?${params}`}
      download
      variant="default"
      leftSection={<IconDownload size={14} aria-hidden />}
    >
      {t('listView.export')}
    </Button>
  );
}
