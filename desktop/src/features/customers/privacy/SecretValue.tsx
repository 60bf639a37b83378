import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconEye, IconEyeOff } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiProblem } from '../../../shared/api/problem.ts';
import type { Attribute, Json, Uuid } from '../../../shared/api/types.ts';
import { FIELD_TYPES } from '../../../shared/fields/fieldTypes.ts';
import { saysSomething } from '../../../shared/says.ts';
import { Dialog } from '../../../shared/ui/Dialog.tsx';
import { ProblemNote } from '../../../shared/ui/ProblemNote.tsx';
import { useLeads } from '../../people/rights.ts';
import { REASON_LIMIT, reveal } from './api.ts';
import { MASK } from './mask.ts';
import styles from './privacy.module.css';

interface Props {
  customerId: Uuid;
  attribute: Attribute;
}

/** Why somebody needs to see the value: it is noted with their name. */
function ReasonForm({
  label,
  busy,
  problem,
  onSend,
}: {
  label: string;
  busy: boolean;
  problem: ApiProblem | null;
  onSend: (reason: string) => void;
}) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (saysSomething(reason)) onSend(reason.trim());
      }}
    >
      <p className={styles.text}>{t('erasure.revealText', { field: label })}</p>
      <TextInput
        label={t('erasure.reason')}
        data-autofocus
        maxLength={REASON_LIMIT}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      {problem && <ProblemNote problem={problem} />}
      <div className={styles.acts}>
        <Button type="submit" loading={busy} disabled={!saysSomething(reason)}>
          {t('erasure.show')}
        </Button>
      </div>
    </form>
  );
}

/** A sensitive value: masked; who may see it asks for it with a reason, and it hides again by itself. */
export function SecretValue({ customerId, attribute }: Props) {
  const { t } = useTranslation();
  const leads = useLeads();
  const [asking, setAsking] = useState(false);
  const [shown, setShown] = useState<{ value: Json; left: number } | null>(null);
  const ask = useMutation({
    mutationFn: (reason: string) => reveal(customerId, `attributes.${attribute.key}`, reason),
    // What was seen must not stay in memory longer than on the screen.
    gcTime: 0,
    onSuccess: (answer) => {
      setShown({ value: answer.value, left: answer.hide_after_s });
      setAsking(false);
      ask.reset();
    },
  });
  const visible = shown !== null;
  useEffect(() => {
    if (!visible) return;
    const tick = setInterval(
      () => setShown((now) => (now && now.left > 1 ? { ...now, left: now.left - 1 } : null)),
      1_000,
    );
    // Somebody who goes to another window leaves nothing behind on this one.
    const leave = () => document.hidden && setShown(null);
    document.addEventListener('visibilitychange', leave);
    return () => {
      clearInterval(tick);
      document.removeEventListener('visibilitychange', leave);
    };
  }, [visible]);
  const text =
    shown && shown.value !== null ? FIELD_TYPES[attribute.type.type].show(shown.value, t) : null;
  return (
    <span className={styles.secret}>
      {shown ? (
        <>
          <bdi className={styles.clear}>{text ?? t('card.empty')}</bdi>
          <span className={styles.left} aria-hidden>
            {t('erasure.hidesIn', { seconds: shown.left })}
          </span>
        </>
      ) : (
        <span role="img" aria-label={t('erasure.masked')}>
          {MASK}
        </span>
      )}
      {leads && (
        <ActionIcon
          size={24}
          variant="subtle"
          color="gray"
          aria-label={t(shown ? 'erasure.hideField' : 'erasure.showField', {
            field: attribute.label,
          })}
          onClick={() => (shown ? setShown(null) : setAsking(true))}
        >
          {shown ? <IconEyeOff size={16} aria-hidden /> : <IconEye size={16} aria-hidden />}
        </ActionIcon>
      )}
      <Dialog
        opened={asking}
        onClose={() => setAsking(false)}
        title={t('erasure.showField', { field: attribute.label })}
      >
        <ReasonForm
          label={attribute.label}
          busy={ask.isPending}
          problem={ask.error}
          onSend={(reason) => ask.mutate(reason)}
        />
      </Dialog>
    </span>
  );
}
