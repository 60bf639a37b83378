import { Button, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallView, Json, Uuid } from '../../../shared/api/types.ts';
import { useSeconds } from '../../../shared/format/clock.ts';
import { duration } from '../../../shared/format/time.ts';
import { KeyCaps } from '../../../shared/keys/KeyCaps.tsx';
import { useCommand } from '../../../shared/keys/useCommand.ts';
import { useDesk, useOnline } from '../../../shared/live/live.ts';
import { ProblemNote } from '../../../shared/ui/ProblemNote.tsx';
import { finishCall } from '../../desk/actions.ts';
import { CallFields } from '../../interactions/components/CallFields.tsx';
import { fieldsOfChannel, useFieldSets } from '../../interactions/fieldSets.ts';
import { Unused } from '../../requests/components/Unused.tsx';
import { useCallerName } from '../callerName.ts';
import { codesFor } from '../codes.ts';
import { type Entered, finishInTime, isAnything, keepApart } from '../keeping.ts';
import { CodePicker } from './CodePicker.tsx';
import styles from './WrapUpForm.module.css';

// What was entered is sent this long before the time runs out, so that it arrives within it.
const SEND_BEFORE_S = 1.5;

function useTimeLeft(until: string | null): number | null {
  const now = useSeconds();
  return until === null ? null : (Date.parse(until) - now) / 1000;
}

interface Watched {
  seconds: number | null;
  busy: boolean;
  /** Set once the form has gone from the desk. */
  left: { current: boolean };
}

/** Keeps what was entered: shortly before the time runs out, or when the call left the desk first (a page in the background is late). */
function useKept(activityId: Uuid, entered: Entered, { seconds, busy, left }: Watched): void {
  const sent = useRef(false);
  const latest = useRef({ entered, busy });
  useEffect(() => {
    latest.current = { entered, busy };
    if (seconds === null || seconds > SEND_BEFORE_S || sent.current || busy) return;
    if (!isAnything(entered)) return;
    sent.current = true;
    void finishInTime(activityId, entered);
  });
  useEffect(() => {
    left.current = false;
    return () => {
      left.current = true;
      const { entered: last, busy: onItsWay } = latest.current;
      if (!sent.current && !onItsWay && isAnything(last)) void keepApart(activityId, last);
    };
  }, [activityId, left]);
}

interface Props {
  call: CallView;
  /** Whether the shortcuts of the wrap-up are about this call: of several, the one that ended last. */
  takesKeys: boolean;
}

/** The outcome of a call: a code, a note, done. It opens by itself and leaves the focus where it is. */
export function WrapUpForm({ call, takesKeys }: Props) {
  const { t } = useTranslation();
  const all = useDesk((desk) => desk.wrap_up_codes);
  const team = useDesk((desk) => desk.user.team);
  const codes = codesFor(all, call.channel, team?.id ?? null);
  const online = useOnline();
  const name = useCallerName()(call);
  const [code, setCode] = useState<string | null>(null);
  const [note, setNote] = useState('');
  const form = useRef<HTMLFormElement>(null);
  const sets = useFieldSets();
  const fields = fieldsOfChannel(sets.data, call.channel);
  const [typed, setTyped] = useState<Record<string, Json>>({});
  const entered: Entered = { code, note, fields: typed };
  const left = useRef(false);
  const finish = useMutation({
    mutationFn: () => finishCall(call.activity_id, code, note, typed),
    onError: () => {
      // The time ran out while it was on its way: there is no form any more to show why in.
      if (left.current) void keepApart(call.activity_id, entered);
    },
  });
  const seconds = useTimeLeft(call.wrap_up_until);
  useKept(call.activity_id, entered, { seconds, busy: finish.isPending || finish.isSuccess, left });
  useCommand('call.wrapUp', () => form.current?.querySelector('input')?.focus(), takesKeys);
  useCommand('call.finish', () => form.current?.requestSubmit(), takesKeys);

  return (
    <form
      ref={form}
      noValidate
      className={styles.form}
      aria-label={t('wrapUp.label', { name })}
      onSubmit={(event) => {
        event.preventDefault();
        if (online && !finish.isPending) finish.mutate();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
          event.preventDefault();
          event.currentTarget.requestSubmit();
        }
      }}
    >
      <span className={styles.title}>
        {t('wrapUp.title')} <bdi className={styles.name}>{name}</bdi>
      </span>
      <div className={styles.code}>
        <CodePicker codes={codes} value={code} onChange={setCode} />
      </div>
      <Textarea
        className={styles.note ?? ''}
        aria-label={t('wrapUp.note')}
        placeholder={t('wrapUp.note')}
        autosize
        minRows={1}
        maxRows={4}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        error={finish.error?.fieldMessage('note')}
        description={note.trim() !== '' && code === null ? t('wrapUp.noteAlone') : undefined}
        inputWrapperOrder={['input', 'description', 'error']}
      />
      {fields.length > 0 && (
        <fieldset className={styles.fields}>
          <legend className={styles.legend}>{t('fieldSets.wrapUp')}</legend>
          <CallFields
            call={call}
            fields={fields}
            typed={typed}
            onChange={(change) => setTyped((known) => ({ ...known, ...change }))}
            problem={finish.error}
          />
        </fieldset>
      )}
      <Button
        type="submit"
        loading={finish.isPending}
        disabled={!online}
        rightSection={takesKeys && <KeyCaps keys="Mod+Enter" />}
      >
        {t('wrapUp.finish')}
      </Button>
      {seconds !== null && (
        <span className={styles.left} title={t('wrapUp.leftHelp')}>
          {t('wrapUp.left', { time: duration(seconds) })}
        </span>
      )}
      {!online && <span className={styles.reason}>{t('connection.cannotSave')}</span>}
      {call.unused_request && <Unused call={call} request={call.unused_request} />}
      {finish.error && !finish.error.isBeside(['note', 'fields']) && (
        <div className={styles.problem}>
          <ProblemNote problem={finish.error} />
        </div>
      )}
    </form>
  );
}
