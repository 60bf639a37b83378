import { Button, Textarea, TextInput } from '@mantine/core';
import { IconEyeOff } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Misfits } from '../../../shared/admin/Misfits.tsx';
import type { AttributeType, RequestField } from '../../../shared/api/types.ts';
import { TypeInput } from '../../../shared/fields/TypeInput.tsx';
import { Dialog } from '../../../shared/ui/Dialog.tsx';
import { SendForm } from '../../../shared/ui/SendForm.tsx';
import { addField, changeField, hideField } from '../api.ts';
import styles from './RequestForm.module.css';

interface Props {
  /** Null: a new one. */
  field: RequestField | null;
  onClose: () => void;
  onAdded: (field: RequestField) => void;
}

function FieldForm({ field, onClose, onAdded }: Props) {
  const { t } = useTranslation();
  const [label, setLabel] = useState(field?.label ?? '');
  const [type, setType] = useState<AttributeType>(field?.type ?? { type: 'text' });
  const [help, setHelp] = useState(field?.help ?? '');
  const save = useMutation({
    mutationFn: () =>
      field ? changeField(field.key, { label, type, help }) : addField({ label, type, help }),
    onSuccess: (saved) => {
      if (!field) onAdded(saved);
      onClose();
    },
  });
  const hide = useMutation({
    mutationFn: () => hideField(field?.key ?? ''),
    onSuccess: onClose,
  });
  const problem = save.error ?? hide.error;
  return (
    <SendForm
      className={styles.form}
      action={field ? t('admin.save') : t('requestTypes.addField')}
      ready={label.trim() !== ''}
      busy={save.isPending}
      problem={problem?.isBeside(['label', 'type', 'help']) ? null : problem}
      onSend={() => save.mutate()}
      acts={
        <>
          <Button variant="subtle" color="gray" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          {field && (
            <Button
              ml="auto"
              variant="subtle"
              color="gray"
              leftSection={<IconEyeOff size={14} aria-hidden />}
              loading={hide.isPending}
              onClick={() => hide.mutate()}
            >
              {t('requestTypes.hideField')}
            </Button>
          )}
        </>
      }
    >
      <div className={styles.fields}>
        {field && <p>{t('requestTypes.fieldShared')}</p>}
        <TextInput
          label={t('attributes.label')}
          autoFocus
          data-autofocus
          value={label}
          error={save.error?.fieldMessage('label')}
          onChange={(event) => setLabel(event.currentTarget.value)}
        />
        <TypeInput type={type} onChange={setType} problem={save.error} stored={field !== null} />
        <Textarea
          label={t('attributes.help')}
          autosize
          value={help}
          error={save.error?.fieldMessage('help')}
          onChange={(event) => setHelp(event.currentTarget.value.replace(/\n/g, ' '))}
        />
        {save.error && (
          <Misfits problem={save.error} of={t('request.one')} path={(id) => `/requests/${id}`} />
        )}
      </div>
    </SendForm>
  );
}

/** A field that types of requests share: made where it is needed, changed for all of them. */
export function FieldDialog({ opened, ...props }: Props & { opened: boolean }) {
  const { t } = useTranslation();
  return (
    <Dialog
      opened={opened}
      onClose={props.onClose}
      title={props.field?.label ?? t('requestTypes.newField')}
      size={480}
      closeOnClickOutside={false}
    >
      {opened && <FieldForm {...props} />}
    </Dialog>
  );
}
