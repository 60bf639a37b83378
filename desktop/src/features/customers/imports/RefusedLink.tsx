import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Uuid } from '../../../shared/api/types.ts';
import { refusedPath } from './api.ts';

/** The file of the refused rows, where there are any. */
export function RefusedLink({ id, count }: { id: Uuid; count: number }) {
  const { t } = useTranslation();
  if (count === 0) return null;
  return (
    <Button
      component="a"
      href={refusedPath(id)}
      download
      variant="default"
      leftSection={<IconDownload size={14} aria-hidden />}
    >
      {t('import.refusedFile', { count })}
    </Button>
  );
}
