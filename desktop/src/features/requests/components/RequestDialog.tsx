import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Request, RequestSchema } from '../../../shared/api/types.ts';
import { useDesk } from '../../../shared/live/live.ts';
import { Dialog } from '../../../shared/ui/Dialog.tsx';
import { SendForm } from '../../../shared/ui/SendForm.tsx';
import { Waiting } from '../../../shared/ui/Waiting.tsx';
import { type NewRequest, type RequestContent, useRequestSchema } from '../api.ts';
import styles from './RequestForm.module.css';
import { REQUEST_FIELDS, RequestFields } from './RequestForm.tsx';

interface Props {
  opened: boolean;
  onClose: () => void;
  /** Opens it; what is wrong with it stands beside its fields. */
  onOpen: (request: NewRequest) => Promise<unknown>;
  /** What it is filled in with. */
  title?: string;
}

function NewRequestForm({ schema, onClose, onOpen, title }: Props & { schema: RequestSchema }) {
  const { t } = useTranslation();
  const me = useDesk((desk) => desk.user);
  const [values, setValues] = useState<RequestContent>({
    type: schema.types.find((one) => !one.hidden_at)?.key ?? '',
    title: title ?? '',
    description: '',
    owner_id: me.id,
    due_on: null,
    priority: 'normal' as Request['priority'],
    fields: {},
  });
  const open = useMutation({ mutationFn: () => onOpen(values), onSuccess: onClose });
  return (
    <SendForm
      className={styles.form}
      onCard
      action={t('request.open')}
      ready={values.title.trim() !== ''}
      busy={open.isPending}
      problem={open.error?.isBeside(REQUEST_FIELDS) ? null : open.error}
      onSend={() => open.mutate()}
      acts={
        <Button variant="subtle" color="gray" onClick={onClose}>
          {t('common.cancel')}
        </Button>
      }
    >
      <RequestFields
        schema={schema}
        values={values}
        onChange={(change) => setValues((known) => ({ ...known, ...change }))}
        problem={open.error}
        autoFocus
      />
    </SendForm>
  );
}

/** A new request: the form shows just the fields of the chosen type (product.md 2.2). */
export function NewRequestDialog(props: Props) {
  const { t } = useTranslation();
  const schema = useRequestSchema();
  return (
    <Dialog
      opened={props.opened}
      onClose={props.onClose}
      title={t('request.newTitle')}
      size={520}
      // A click beside it must not lose what was written.
      closeOnClickOutside={false}
    >
      {schema.data ? (
        <NewRequestForm {...props} schema={schema.data} />
      ) : (
        <Waiting lines={4} label={t('request.loading')} />
      )}
    </Dialog>
  );
}
