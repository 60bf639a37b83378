import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiProblem } from '../api/problem.ts';
import { KeyCaps } from '../keys/KeyCaps.tsx';
import { useOnline } from '../live/live.ts';
import { ProblemNote } from './ProblemNote.tsx';
import styles from './SendForm.module.css';

interface Props {
  className?: string | undefined;
  /** Whether it belongs to a card: a call that comes while one types in it does not take its place. */
  onCard?: boolean;
  /** What the button that sends says. */
  action: string;
  ready: boolean;
  busy: boolean;
  problem: ApiProblem | null;
  onSend(): void;
  /** What stands beside the button that sends. */
  acts: ReactNode;
  children: ReactNode;
}

/** A form that is sent by its button or Ctrl+Enter, once, when there is a connection; with what went wrong. */
export function SendForm(props: Props) {
  const { className, onCard, action, ready, busy, problem, onSend, acts, children } = props;
  const { t } = useTranslation();
  const online = useOnline();
  const sendable = ready && online && !busy;
  return (
    <form
      className={className}
      data-card-editor={onCard || undefined}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        // A dialog that opened from a form lies inside it for React: one sends itself only.
        event.stopPropagation();
        if (sendable) onSend();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
          event.preventDefault();
          event.stopPropagation();
          event.currentTarget.requestSubmit();
        }
      }}
    >
      {children}
      {!online && <p className={styles.offline}>{t('connection.cannotSave')}</p>}
      {problem && <ProblemNote problem={problem} />}
      <div className={styles.buttons}>
        <Button
          type="submit"
          disabled={!sendable && !busy}
          loading={busy}
          rightSection={<KeyCaps keys="Mod+Enter" />}
        >
          {action}
        </Button>
        {acts}
      </div>
    </form>
  );
}
