import { Button, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type KeyboardEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomerRow, Interaction, Uuid } from '../../../shared/api/types.ts';
import { Dialog } from '../../../shared/ui/Dialog.tsx';
import { ProblemNote } from '../../../shared/ui/ProblemNote.tsx';
import { CustomerSearch } from '../../desk/components/CustomerSearch.tsx';
import { useLeads } from '../../people/rights.ts';
import { type MoveTarget, useCustomerRequests } from '../api.ts';
import { reference } from '../look.ts';
import { move } from '../move.ts';
import styles from './MoveDialog.module.css';
import { NewRequestDialog } from './RequestDialog.tsx';

interface Props {
  opened: boolean;
  onClose: () => void;
  interaction: Interaction;
  customerId: Uuid;
}

/** The arrow keys go from target to target, as in a list. */
function stepAmongTargets(event: KeyboardEvent<HTMLElement>) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  const targets = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-target]')];
  const at = targets.indexOf(document.activeElement as HTMLElement);
  const next = targets[Math.min(Math.max(at + step, 0), targets.length - 1)];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function Targets({ onClose, interaction, customerId }: Omit<Props, 'opened'>) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const requests = useCustomerRequests(customerId);
  const mayRepair = useLeads();
  const [opening, setOpening] = useState(false);
  const [elsewhere, setElsewhere] = useState(false);
  const [reason, setReason] = useState('');
  const first = useRef<HTMLButtonElement>(null);
  const go = useMutation({
    mutationFn: (to: MoveTarget) => move(client, interaction.id, to, reason),
    onSuccess: onClose,
  });
  const outOfClosed = interaction.request?.status === 'closed';
  const needsReason = outOfClosed && mayRepair;
  const targets = (requests.data?.items ?? []).filter(
    (one) => one.id !== interaction.request_id && (one.status === 'active' || mayRepair),
  );
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the arrow keys move the focus among the buttons inside
    <div className={styles.body} onKeyDown={stepAmongTargets}>
      <p className={styles.text}>{interaction.standalone ? t('move.textAlone') : t('move.text')}</p>
      {(needsReason || targets.some((one) => one.status === 'closed')) && (
        <TextInput
          label={t('move.reason')}
          description={t('move.reasonHelp')}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      )}
      <ul className={styles.targets}>
        {targets.map((one, place) => (
          <li key={one.id}>
            <button
              ref={place === 0 ? first : null}
              type="button"
              data-target
              data-autofocus={place === 0 || undefined}
              className={styles.target}
              disabled={go.isPending}
              onClick={() => go.mutate({ request_id: one.id })}
            >
              <span className={styles.number}>{reference(one.number)}</span>
              <bdi className={styles.name}>{one.title}</bdi>
              {one.status === 'closed' && (
                <span className={styles.note}>{t('request.closed')}</span>
              )}
            </button>
          </li>
        ))}
        <li>
          <button
            type="button"
            data-target
            className={styles.target}
            onClick={() => setOpening(true)}
          >
            {t('move.toNew')}
          </button>
        </li>
        {interaction.request_id && (
          <li>
            <button
              type="button"
              data-target
              className={styles.target}
              disabled={go.isPending}
              onClick={() => go.mutate({ request_id: null })}
            >
              {t('move.toNone')}
            </button>
          </li>
        )}
        <li>
          <button
            type="button"
            data-target
            className={styles.target}
            aria-expanded={elsewhere}
            onClick={() => setElsewhere(true)}
          >
            {t('move.toCustomer')}
          </button>
        </li>
      </ul>
      {elsewhere && (
        <CustomerSearch
          onChoose={(customer: CustomerRow) => go.mutate({ customer_id: customer.id })}
          withShortcut={false}
          label={t('relink.search')}
        />
      )}
      {go.error && <ProblemNote problem={go.error} />}
      <div>
        <Button variant="subtle" color="gray" onClick={onClose}>
          {t('common.cancel')}
        </Button>
      </div>
      <NewRequestDialog
        opened={opening}
        onClose={() => setOpening(false)}
        onOpen={async (request) => {
          await move(client, interaction.id, { new_request: request }, reason);
          onClose();
        }}
      />
    </div>
  );
}

/** The keyboard's way to what dragging does: choose where an interaction goes (product.md 3.7). */
export function MoveDialog({ opened, ...props }: Props) {
  const { t } = useTranslation();
  return (
    <Dialog
      opened={opened}
      onClose={props.onClose}
      title={props.interaction.standalone ? t('move.titleAlone') : t('move.title')}
      size={480}
    >
      {opened && <Targets {...props} />}
    </Dialog>
  );
}
