import { Button, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../../../shared/api/problem.ts';
import type { CallView, Json } from '../../../shared/api/types.ts';
import { useSeconds } from '../../../shared/format/clock.ts';
import { duration } from '../../../shared/format/time.ts';
import { KeyCaps } from '../../../shared/keys/KeyCaps.tsx';
import { useCommand } from '../../../shared/keys/useCommand.ts';
import { useDesk, useOnline } from '../../../shared/live/live.ts';
import { reportProblem } from '../../../shared/ui/notices.ts';
import { ProblemNote } from '../../../shared/ui/ProblemNote.tsx';
import { finishCall } from '../../desk/actions.ts';
import { CallFields } from '../../interactions/components/CallFields.tsx';
import { fieldsOfChannel, useFieldSets } from '../../interactions/fieldSets.ts';
import { Unused } from '../../requests/components/Unused.tsx';
import { useCallerName } from '../callerName.ts';
import { codesFor } from '../codes.ts';
import { CodePicker } from './CodePicker.tsx';
import styles from './WrapUpForm.module.css';

// What was entered is sent this long before the time runs out, so that it arrives within it.
const SEND_BEFORE_S = 1.5;

/** Calls `act` once shortly before `until`, if there is anything to keep. */
function useBeforeDeadline(until: string | null, wanted: boolean, act: () => void): number | null {
  const now = useSeconds();
  const done = useRef(false);
  const left = until === null ? null : (Date.parse(until) - now) / 1000;
  useEffect(() => {
    if (left === null || left > SEND_BEFORE_S || !wanted || done.current) return;
    done.current = true;
    act();
  });
  return left;
}

/** The outcome of a call: a code, a note, done. It opens by itself and leaves the focus where it is. */
export function WrapUpForm({ call }: { call: CallView }) {
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
  const finish = useMutation({
    mutationFn: () => finishCall(call.activity_id, code, note, typed),
  });
  // When the time runs out, what can't be taken must not cost the rest of what was entered.
  const finishInTime = () =>
    finish.mutate(undefined, {
      onError: (problem) => {
        if (!(problem instanceof ApiProblem) || !problem.isBeside(['fields'])) return;
        const wrong = problem.errors.map((one) => one.field.slice('fields.'.length));
        const right = Object.entries(typed).filter(([key]) => !wrong.includes(key));
        void finishCall(call.activity_id, code, note, Object.fromEntries(right)).catch(
          reportProblem('notice.wrapUpNotSaved'),
        );
      },
    });
  const entered = code !== null || note.trim() !== '' || Object.keys(typed).length > 0;
  const left = useBeforeDeadline(call.wrap_up_until, entered, finishInTime);
  useCommand('call.wrapUp', () => form.current?.querySelector('input')?.focus());

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
        rightSection={<KeyCaps keys="Mod+Enter" />}
      >
        {t('wrapUp.finish')}
      </Button>
      {left !== null && (
        <span className={styles.left} title={t('wrapUp.leftHelp')}>
          {t('wrapUp.left', { time: duration(left) })}
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
