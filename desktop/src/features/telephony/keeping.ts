import { ApiProblem, networkProblem } from '../../shared/api/problem.ts';
import type { Json, Uuid } from '../../shared/api/types.ts';
import { notify } from '../../shared/ui/notices.ts';
import { finishCall } from '../desk/actions.ts';
import { addComment, applyWrapUp } from '../interactions/api.ts';
import { fillIn } from '../interactions/fieldSets.ts';

/** What an agent has entered into the wrap-up of a call. */
export interface Entered {
  code: string | null;
  note: string;
  fields: Readonly<Record<string, Json>>;
}

const NOTHING: Entered = { code: null, note: '', fields: {} };

export function isAnything({ code, note, fields }: Entered): boolean {
  return code !== null || note.trim() !== '' || Object.keys(fields).length > 0;
}

/** At the end of the wrap-up time: finishes the call, or keeps each part that can be kept. */
export async function finishInTime(activityId: Uuid, entered: Entered): Promise<void> {
  try {
    await finishCall(activityId, entered.code, entered.note, entered.fields);
  } catch {
    await keepApart(activityId, entered);
  }
}

/**
 * Keeps what was entered after finishing was refused, or came too late: each part by itself, so that what can't be taken
 * doesn't cost the rest. What remains is told in its own words, and stays until somebody has seen it.
 */
export async function keepApart(activityId: Uuid, entered: Entered): Promise<void> {
  const outcome = await lostOfOutcome(activityId, entered);
  const fields = await lostOfFields(activityId, entered.fields);
  const why = outcome.why ?? fields.why;
  if (why === null) return;
  const lost: Entered = { ...outcome.lost, fields: fields.lost.fields };
  const values = Object.values(lost.fields).map((value) =>
    typeof value === 'string' ? value : JSON.stringify(value),
  );
  const text = [lost.note.trim(), ...values].filter((words) => words !== '').join(' · ');
  notify(text === '' ? 'notice.wrapUpNotSaved' : 'notice.entryNotSaved', why, {
    values: { text },
    lasting: true,
    action: { key: 'common.tryAgain', run: () => void keepApart(activityId, lost) },
  });
}

interface Attempt {
  lost: Entered;
  why: ApiProblem | null;
}

const ALL_KEPT: Attempt = { lost: NOTHING, why: null };

function problemOf(error: unknown): ApiProblem {
  return error instanceof ApiProblem ? error : networkProblem(error);
}

/** An outcome with its note; a note without one is a comment, as at the server (product.md 3.4). */
async function lostOfOutcome(activityId: Uuid, { code, note }: Entered): Promise<Attempt> {
  const text = note.trim();
  try {
    if (code !== null) await applyWrapUp(activityId, code, note);
    else if (text !== '') await addComment(activityId, text);
    return ALL_KEPT;
  } catch (error) {
    const why = problemOf(error);
    // The outcome may have gone out of use meanwhile; its note needs none.
    const apart = code !== null && text !== '' && why.isBeside(['code']);
    const left = apart ? await lostOfOutcome(activityId, { ...NOTHING, note }) : null;
    return { lost: { ...NOTHING, code, note: left && left.why === null ? '' : note }, why };
  }
}

async function lostOfFields(activityId: Uuid, fields: Entered['fields']): Promise<Attempt> {
  if (Object.keys(fields).length === 0) return ALL_KEPT;
  try {
    await fillIn(activityId, fields);
    return ALL_KEPT;
  } catch (error) {
    const why = problemOf(error);
    const wrong = why.isBeside(['fields'])
      ? why.errors.map((one) => one.field.slice('fields.'.length))
      : Object.keys(fields);
    const some = (mine: boolean) =>
      Object.fromEntries(Object.entries(fields).filter(([key]) => wrong.includes(key) === mine));
    const rest = await lostOfFields(activityId, some(false));
    return { lost: { ...NOTHING, fields: { ...some(true), ...rest.lost.fields } }, why };
  }
}
