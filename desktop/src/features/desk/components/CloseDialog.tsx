import { Button, Group } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { Customer } from '../../../shared/api/types.ts';
import { useOnline } from '../../../shared/live/live.ts';
import { useStore } from '../../../shared/store/store.ts';
import { Dialog } from '../../../shared/ui/Dialog.tsx';
import { ProblemNote } from '../../../shared/ui/ProblemNote.tsx';
import { createCustomer, customerKey, saveCustomer } from '../../customers/api.ts';
import { draftStore, unsavedFields } from '../../customers/drafts.ts';
import { closeRow, closingStore } from '../closing.ts';
import type { DeskRow } from '../rows.ts';
import { DESK_PATH } from '../selection.ts';

function useSave(row: DeskRow | null) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      if (!row) return;
      if (row.kind === 'customer') {
        const { id, version } = row.customer;
        const known = client.getQueryData<Customer>(customerKey(id));
        const fields = unsavedFields(draftStore.get(), id);
        await saveCustomer(client, id, known?.version ?? version, fields);
        return;
      }
      const id = row.kind === 'draft' ? row.draft.id : row.call.activity_id;
      const draft = draftStore.get().created.find((one) => one.id === id);
      if (draft) await createCustomer(client, draft.fields, draft.interactionId);
    },
  });
}

/** Asks what becomes of what was typed before its customer is closed. */
export function CloseDialog() {
  const { t } = useTranslation();
  const row = useStore(closingStore, (known) => known);
  const online = useOnline();
  const [path, navigate] = useLocation();
  const save = useSave(row);

  const cancel = () => {
    save.reset();
    closingStore.set(null);
  };
  const close = () => {
    if (!row) return;
    closeRow(row);
    if (row.kind === 'draft' && path === row.path) navigate(DESK_PATH);
    cancel();
  };
  const name = row?.kind === 'customer' ? row.customer.display_name : null;
  return (
    <Dialog
      opened={row !== null}
      onClose={cancel}
      size={440}
      title={name === null ? t('close.titleNew') : t('close.title', { name })}
    >
      <p>{name === null ? t('close.textNew') : t('close.text')}</p>
      {save.error && <ProblemNote problem={save.error} />}
      <Group mt={16} justify="flex-end" gap={8}>
        <Button variant="subtle" color="gray" onClick={cancel}>
          {t('common.cancel')}
        </Button>
        <Button variant="default" onClick={close}>
          {t('close.discard')}
        </Button>
        <Button
          data-autofocus
          disabled={!online}
          loading={save.isPending}
          onClick={() => save.mutate(undefined, { onSuccess: close })}
        >
          {t('close.save')}
        </Button>
      </Group>
    </Dialog>
  );
}
