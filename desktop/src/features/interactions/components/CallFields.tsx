import type { ApiProblem } from '../../../shared/api/problem.ts';
import type { CallView, Json } from '../../../shared/api/types.ts';
import { type ShownField, useFieldsOfCall, valuesOf } from '../fieldSets.ts';
import { FieldInputs } from './ActivityFields.tsx';

interface Props {
  call: CallView;
  fields: readonly ShownField[];
  /** What was typed over the stored values; it is sent with the outcome. */
  typed: Readonly<Record<string, Json>>;
  onChange: (change: Record<string, Json>) => void;
  problem: ApiProblem | null;
}

/** The fields of a call that ended, with what is known of them already. */
export function CallFields({ call, fields, typed, onChange, problem }: Props) {
  const stored = useFieldsOfCall(call.interaction_id, call.activity_id);
  return (
    <FieldInputs
      fields={fields}
      values={{ ...valuesOf(fields, stored.data ?? {}), ...typed }}
      onChange={onChange}
      problem={problem}
    />
  );
}
