import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiProblem } from '../api/problem.ts';
import { SendForm } from '../ui/SendForm.tsx';
import styles from './AdminForm.module.css';
import type { Form } from './useForm.ts';

interface Props {
  title: ReactNode;
  form: Pick<Form<object>, 'isChanged' | 'overtaken' | 'reset'>;
  /** What the button that saves says. */
  action: string;
  busy: boolean;
  problem: ApiProblem | null;
  /** The fields of the form, beside which the server's errors are shown. */
  fields: readonly string[];
  onSave(): void;
  /** Other acts, such as taking it out of use. */
  acts?: ReactNode;
  children: ReactNode;
}

/** The form of one thing that administrators define. */
export function AdminForm(props: Props) {
  const { title, form, action, busy, problem, fields, onSave, acts, children } = props;
  const { t } = useTranslation();
  return (
    <SendForm
      className={styles.form}
      action={action}
      ready={form.isChanged}
      busy={busy}
      problem={problem?.isBeside(fields) ? null : problem}
      onSend={onSave}
      acts={
        <>
          {form.isChanged && (
            <Button variant="subtle" color="gray" onClick={form.reset}>
              {t('admin.reset')}
            </Button>
          )}
          <span className={styles.acts}>{acts}</span>
        </>
      }
    >
      <h2 className={styles.title}>{title}</h2>
      <div className={styles.fields}>{children}</div>
      {form.overtaken.length > 0 && (
        <p role="alert" className={styles.overtaken}>
          {t('admin.overtaken')}
        </p>
      )}
    </SendForm>
  );
}
