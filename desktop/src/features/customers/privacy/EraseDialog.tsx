import { Button, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Uuid } from '../../../shared/api/types.ts';
import { saysSomething } from '../../../shared/says.ts';
import { Dialog } from '../../../shared/ui/Dialog.tsx';
import { ProblemNote } from '../../../shared/ui/ProblemNote.tsx';
import { customerKey } from '../api.ts';
import { dropEdits } from '../drafts.ts';
import { eraseCustomer, REASON_LIMIT } from './api.ts';
import styles from './privacy.module.css';

interface Props {
  customer: { id: Uuid; number: number; display_name: string };
  opened: boolean;
  onClose: () => void;
}

/** Erases a customer for good: what is lost is named, and the number has to be typed. */
export function EraseDialog({ customer, opened, onClose }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const meant = typed.trim() === String(customer.number);
  const erase = useMutation({
    mutationFn: () => eraseCustomer(customer.id, customer.number, reason.trim()),
    onSuccess: () => {
      onClose();
      dropEdits(customer.id);
      void client.resetQueries({ queryKey: customerKey(customer.id) });
    },
  });
  return (
    <Dialog opened={opened} onClose={onClose} title={t('erasure.eraseTitle')} size={480}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (meant && saysSomething(reason)) erase.mutate();
        }}
      >
        <p className={styles.text}>{t('erasure.eraseText', { name: customer.display_name })}</p>
        <ul className={styles.list}>
          <li>{t('erasure.losesCard')}</li>
          <li>{t('erasure.losesHistory')}</li>
          <li>{t('erasure.losesTrail')}</li>
        </ul>
        <p className={styles.text}>{t('erasure.keeps')}</p>
        <TextInput
          label={t('erasure.reason')}
          description={t('erasure.reasonStays')}
          data-autofocus
          maxLength={REASON_LIMIT}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <TextInput
          label={t('erasure.confirm', { number: String(customer.number) })}
          inputMode="numeric"
          autoComplete="off"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        {erase.error && <ProblemNote problem={erase.error} />}
        <div className={styles.acts}>
          <Button variant="default" onClick={onClose}>
            {t('erasure.cancel')}
          </Button>
          <Button
            type="submit"
            color="red"
            leftSection={<IconTrash size={16} aria-hidden />}
            loading={erase.isPending}
            disabled={!meant || !saysSomething(reason)}
          >
            {t('erasure.eraseForGood')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
