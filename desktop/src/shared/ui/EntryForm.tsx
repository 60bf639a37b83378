import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiProblem } from '../api/problem.ts';
import styles from './EntryForm.module.css';
import { SendForm } from './SendForm.tsx';

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

/** A small form that opens where its thing stands on a card, to be sent or cancelled. */
export function EntryForm({ onCancel, ...form }: Props) {
  const { t } = useTranslation();
  return (
    <SendForm
      {...form}
      className={styles.form}
      onCard
      acts={
        <Button variant="subtle" color="gray" onClick={onCancel}>
          {t('common.cancel')}
        </Button>
      }
    />
  );
}
