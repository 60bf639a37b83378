import { Progress } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Import } from '../../../shared/api/types.ts';

/** How far through the file an import or its check is. */
export function ProgressOf({ one, read, of }: { one: Import; read: number; of?: number }) {
  const { t } = useTranslation();
  const total = of ?? one.total_rows;
  return (
    <Progress
      value={total ? Math.min(100, (read / total) * 100) : 0}
      aria-label={t('import.progress', { file: one.file_name })}
      size="sm"
    />
  );
}
