import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Uuid } from '../../../shared/api/types.ts';
import { saysSomething } from '../../../shared/says.ts';
import { Dialog } from '../../../shared/ui/Dialog.tsx';
import { notify } from '../../../shared/ui/notices.ts';
import { ProblemNote } from '../../../shared/ui/ProblemNote.tsx';
import { type HandedForm, handOver, REASON_LIMIT } from './api.ts';
import styles from './privacy.module.css';

interface Props {
  customer: { id: Uuid; number: number; display_name: string };
  opened: boolean;
  onClose: () => void;
}

/** Saves everything kept about a customer as one file, for that customer. */
export function HandOverDialog({ customer, opened, onClose }: Props) {
  const { t, i18n } = useTranslation();
  const [reason, setReason] = useState('');
  const [format, setFormat] = useState<HandedForm>('zip');
  const take = useMutation({
    mutationFn: () => handOver(customer, format, reason.trim(), i18n.language.slice(0, 2)),
    onSuccess: () => {
      notify('notice.handedOver');
      setReason('');
      onClose();
    },
  });
  return (
    <Dialog opened={opened} onClose={onClose} title={t('erasure.handOverTitle')}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (saysSomething(reason)) take.mutate();
        }}
      >
        <p className={styles.text}>{t('erasure.handOverText', { name: customer.display_name })}</p>
        <SegmentedControl
          aria-label={t('erasure.format')}
          value={format}
          onChange={(chosen) => setFormat(chosen as HandedForm)}
          data={[
            { value: 'zip', label: t('erasures.formatZip') },
            { value: 'html', label: t('erasure.formatHtml') },
            { value: 'json', label: t('erasure.formatJson') },
          ]}
        />
        <TextInput
          label={t('erasure.reason')}
          description={t('erasure.reasonHelp')}
          data-autofocus
          maxLength={REASON_LIMIT}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {take.error && <ProblemNote problem={take.error} />}
        <div className={styles.acts}>
          <Button
            type="submit"
            leftSection={<IconDownload size={16} aria-hidden />}
            loading={take.isPending}
            disabled={!saysSomething(reason)}
          >
            {t('erasure.save')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
