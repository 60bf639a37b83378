import { Button, Textarea, TextInput } from '@mantine/core';
import { IconEyeOff } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AttributeType, PoolField } from '../api/types.ts';
import { TypeInput } from '../fields/TypeInput.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { SendForm } from '../ui/SendForm.tsx';
import styles from './FieldDialog.module.css';
import { Misfits } from './Misfits.tsx';

type Content = Pick<PoolField, 'label' | 'type' | 'help'>;

/** Where fields that several forms share are made and changed. */
export interface FieldPool {
  add(field: Content): Promise<PoolField>;
  change(key: string, change: Partial<Content>): Promise<PoolField>;
  /** Takes it out of use everywhere; its values are kept. */
  hide(key: string): Promise<PoolField>;
  /** What holds values of it, and the way to one of those where there is a page of it. */
  of: string;
  path?: (id: string) => string;
}

interface Props {
  pool: FieldPool;
  /** Null: a new one. */
  field: PoolField | null;
  onClose: () => void;
  onAdded: (field: PoolField) => void;
}

function FieldForm({ pool, field, onClose, onAdded }: Props) {
  const { t } = useTranslation();
  const [label, setLabel] = useState(field?.label ?? '');
  const [type, setType] = useState<AttributeType>(field?.type ?? { type: 'text' });
  const [help, setHelp] = useState(field?.help ?? '');
  const save = useMutation({
    mutationFn: () =>
      field ? pool.change(field.key, { label, type, help }) : pool.add({ label, type, help }),
    onSuccess: (saved) => {
      if (!field) onAdded(saved);
      onClose();
    },
  });
  const hide = useMutation({
    mutationFn: () => pool.hide(field?.key ?? ''),
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
        {save.error && <Misfits problem={save.error} of={pool.of} path={pool.path} />}
      </div>
    </SendForm>
  );
}

/** A field that forms share: made where it is needed, changed for all of them. */
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
