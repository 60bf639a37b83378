import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { EmptyState } from './EmptyState.tsx';

/** What shows in place of a part of the page that failed. */
export function Broken({ message, onRetry }: { message: string; onRetry: () => void }) {
  const { t } = useTranslation();
  return (
    <div role="alert">
      <EmptyState title={t('problem.brokenTitle')} text={t('problem.brokenText')}>
        <code>{message}</code>
        <Button mt={8} variant="default" onClick={onRetry}>
          {t('common.tryAgain')}
        </Button>
      </EmptyState>
    </div>
  );
}
