import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCopy, IconRefresh } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ApiProblem } from '../api/problem.ts';
import { notify } from './notices.ts';
import styles from './ProblemNote.module.css';

/** What the server said, in its words; ours only when it said nothing. */
export function ProblemText({ problem }: { problem: ApiProblem }) {
  const { t } = useTranslation();
  const said = problem.isNetwork ? t('problem.network') : (problem.detail ?? problem.title);
  return (
    <>
      <p className={styles.detail}>{said}</p>
      {problem.requestId && (
        <button
          type="button"
          className={styles.request}
          onClick={() => {
            void navigator.clipboard
              ?.writeText(problem.requestId ?? '')
              .then(() => notify('notice.copied'));
          }}
        >
          <IconCopy size={12} aria-hidden />
          {t('problem.requestId', { id: problem.requestId })}
        </button>
      )}
    </>
  );
}

/** What happened, what to do, and the request id to copy. */
export function ProblemNote({
  problem,
  onRetry,
  retry,
}: {
  problem: ApiProblem;
  onRetry?: () => void;
  /** What the button says, where it does more than to try once again. */
  retry?: string;
}) {
  const { t } = useTranslation();
  return (
    <div role="alert" className={styles.note}>
      <IconAlertTriangle size={16} aria-hidden className={styles.icon} />
      <div className={styles.text}>
        <ProblemText problem={problem} />
        {onRetry && (
          <Button
            mt={8}
            variant="default"
            leftSection={!retry && <IconRefresh size={14} aria-hidden />}
            onClick={onRetry}
          >
            {retry ?? t('common.tryAgain')}
          </Button>
        )}
      </div>
    </div>
  );
}
