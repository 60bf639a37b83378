import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiProblem } from '../api/problem.ts';
import { KeyCaps } from '../keys/KeyCaps.tsx';
import { useOnline } from '../live/live.ts';
import styles from './EntryForm.module.css';
import { ProblemNote } from './ProblemNote.tsx';

interface Props {
  /** What the button that sends says. */
  action: string;
  ready: boolean;
  busy: boolean;
  problem: ApiProblem | null;
  onSend(): void;
  onCancel(): void;
  children: ReactNode;
}

/** The frame of a form that opens where its thing stands: fields, what went wrong, send (Ctrl+Enter) and cancel. */
export function EntryForm({ action, ready, busy, problem, onSend, onCancel, children }: Props) {
  const { t } = useTranslation();
  const online = useOnline();
  const sendable = ready && online && !busy;
  return (
    <form
      className={styles.form}
      data-card-editor
      onSubmit={(event) => {
        event.preventDefault();
        if (sendable) onSend();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
          event.preventDefault();
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
        <Button variant="subtle" color="gray" onClick={onCancel}>
          {t('common.cancel')}
        </Button>
      </div>
    </form>
  );
}
