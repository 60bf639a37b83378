import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useForm } from '../../../shared/admin/useForm.ts';
import type { ApiProblem } from '../../../shared/api/problem.ts';
import type { Activity, Json } from '../../../shared/api/types.ts';
import { FieldInput } from '../../../shared/fields/FieldInput.tsx';
import { FIELD_TYPES } from '../../../shared/fields/fieldTypes.ts';
import { EntryForm } from '../../../shared/ui/EntryForm.tsx';
import { LinkedText } from '../../../shared/ui/LinkedText.tsx';
import { Phone } from '../../../shared/ui/Phone.tsx';
import { changeJourneys } from '../api.ts';
import { putActivityIn } from '../changes.ts';
import { fillIn, type ShownField, valuesOf } from '../fieldSets.ts';
import styles from './ActivityFields.module.css';

interface InputsProps {
  fields: readonly ShownField[];
  values: Readonly<Record<string, Json>>;
  onChange: (change: Record<string, Json>) => void;
  problem: ApiProblem | null;
  /** The field that was clicked: it takes the focus. */
  focus?: string | null;
}

/** The controls of a field set. */
export function FieldInputs({ fields, values, onChange, problem, focus }: InputsProps) {
  const { t } = useTranslation();
  return (
    <div className={styles.inputs}>
      {fields.map((field) => (
        <FieldInput
          key={field.key}
          control={FIELD_TYPES[field.type.type].control(field.type, t)}
          label={field.label}
          description={field.help}
          required={field.required}
          autoFocus={focus === field.key}
          value={values[field.key] ?? null}
          error={problem?.fieldMessage(`fields.${field.key}`)}
          onChange={(value) => onChange({ [field.key]: value })}
        />
      ))}
    </div>
  );
}

interface FormProps {
  activity: Activity;
  fields: readonly ShownField[];
  focus: string | null;
  onDone: () => void;
}

/** Fills in the fields of an activity where it stands; what was typed survives scrolling away. */
export function FieldsForm({ activity, fields, focus, onDone }: FormProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const form = useForm<Record<string, Json>>(
    `activity_fields/${activity.id}`,
    valuesOf(fields, activity.fields),
  );
  const leave = () => {
    form.reset();
    onDone();
  };
  const save = useMutation({
    mutationFn: () => fillIn(activity.id, form.changed as Record<string, Json>),
    onSuccess: (saved) => {
      changeJourneys(client, (pages) => putActivityIn(pages, saved));
      leave();
    },
  });
  const names = fields.map(({ key }) => `fields.${key}`);
  return (
    <EntryForm
      action={t('fieldSets.save')}
      ready={form.isChanged}
      busy={save.isPending}
      problem={save.error?.isBeside(names) ? null : save.error}
      onSend={() => save.mutate()}
      onCancel={leave}
    >
      <FieldInputs
        fields={fields}
        values={form.values}
        onChange={form.set}
        problem={save.error}
        focus={focus ?? fields[0]?.key ?? null}
      />
      {form.overtaken.length > 0 && (
        <p role="alert" className={styles.overtaken}>
          {t('admin.overtaken')}
        </p>
      )}
    </EntryForm>
  );
}

function Value({ field, value }: { field: ShownField; value: Json }) {
  const { t } = useTranslation();
  if (field.type.type === 'phone') return <Phone value={String(value)} />;
  return <LinkedText text={FIELD_TYPES[field.type.type].show(value, t)} />;
}

interface ValuesProps {
  activity: Activity;
  fields: readonly ShownField[];
  onEdit: (key: string) => void;
}

/** What was filled in; a name is clicked to edit its value. Required fields that lack theirs say so. */
export function FieldValues({ activity, fields, onEdit }: ValuesProps) {
  const { t } = useTranslation();
  const has = ({ key }: ShownField) => activity.fields[key] != null;
  const shown = fields.filter((one) => has(one) || (one.required && activity.kind === 'agent'));
  if (shown.length === 0) return null;
  return (
    <dl className={styles.values} aria-label={t('fieldSets.label')}>
      {shown.map((field) => (
        <div key={field.key} className={styles.row}>
          <dt>
            <button
              type="button"
              className={styles.name}
              title={field.help || undefined}
              onClick={() => onEdit(field.key)}
            >
              <bdi>{field.label}</bdi>
            </button>
          </dt>
          <dd className={styles.value}>
            {has(field) ? (
              <Value field={field} value={activity.fields[field.key] ?? null} />
            ) : (
              <span className={styles.missing}>{t('fieldSets.missing')}</span>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
