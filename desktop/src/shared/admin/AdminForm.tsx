import { Button } from '@mantine/core';
import { type ReactNode, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiProblem } from '../api/problem.ts';
import { KeyCaps } from '../keys/KeyCaps.tsx';
import { useOnline } from '../live/live.ts';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import styles from './AdminForm.module.css';

interface Props {
  title: ReactNode;
  /** What the button that saves says. */
  action: string;
  ready: boolean;
  busy: boolean;
  problem: ApiProblem | null;
  /** The fields of the form, beside which the server's errors are shown. */
  fields: readonly string[];
  onSave(): void;
  /** What somebody else changed meanwhile in fields that were typed in; saving replaces it. */
  overtaken?: boolean;
  /** Takes back what was typed; absent where nothing was. */
  onReset?: (() => void) | undefined;
  /** Other acts, such as taking it out of use. */
  acts?: ReactNode;
  children: ReactNode;
}

/** The form of one thing that administrators define. Ctrl+Enter saves. */
export function AdminForm(props: Props) {
  const {
    title,
    action,
    ready,
    busy,
    problem,
    fields,
    onSave,
    overtaken,
    onReset,
    acts,
    children,
  } = props;
  const { t } = useTranslation();
  const online = useOnline();
  const form = useRef<HTMLFormElement>(null);
  const sendable = ready && online && !busy;
  return (
    <form
      ref={form}
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (sendable) onSave();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
          event.preventDefault();
          event.currentTarget.requestSubmit();
        }
      }}
    >
      <h2 className={styles.title}>{title}</h2>
      <div className={styles.fields}>{children}</div>
      {overtaken && (
        <p role="alert" className={styles.overtaken}>
          {t('admin.overtaken')}
        </p>
      )}
      {!online && <p className={styles.offline}>{t('connection.cannotSave')}</p>}
      {problem && !problem.isBeside(fields) && <ProblemNote problem={problem} />}
      <div className={styles.buttons}>
        <Button
          type="submit"
          disabled={!sendable && !busy}
          loading={busy}
          rightSection={<KeyCaps keys="Mod+Enter" />}
        >
          {action}
        </Button>
        {onReset && (
          <Button variant="subtle" color="gray" onClick={onReset}>
            {t('admin.reset')}
          </Button>
        )}
        <span className={styles.acts}>{acts}</span>
      </div>
    </form>
  );
}
