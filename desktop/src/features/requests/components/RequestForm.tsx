import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ApiProblem } from '../../../shared/api/problem.ts';
import { PRIORITIES, type Priority, type RequestSchema } from '../../../shared/api/types.ts';
import { FieldInput } from '../../../shared/fields/FieldInput.tsx';
import { FIELD_TYPES } from '../../../shared/fields/fieldTypes.ts';
import { useUsers } from '../../people/api.ts';
import { fieldsOf, type RequestContent } from '../api.ts';
import styles from './RequestForm.module.css';

/** The fields of the form beside which the server's errors are shown. */
export const REQUEST_FIELDS = [
  'type',
  'title',
  'description',
  'owner_id',
  'due_on',
  'priority',
  'fields',
] as const;

interface Props {
  schema: RequestSchema;
  values: RequestContent;
  onChange: (change: Partial<RequestContent>) => void;
  problem: ApiProblem | null;
  /** Whether the form was opened to be written in now. */
  autoFocus?: boolean;
}

/** What people write into a request: the fields of its type, made from their definitions. */
export function RequestFields({ schema, values, onChange, problem, autoFocus = false }: Props) {
  const { t } = useTranslation();
  const users = useUsers(true);
  // A request keeps a type that was taken out of use; nobody gives it to another one.
  const types = schema.types.filter((one) => !one.hidden_at || one.key === values.type);
  return (
    <div className={styles.fields}>
      <TextInput
        label={t('request.title')}
        required
        withAsterisk={false}
        autoFocus={autoFocus}
        data-autofocus={autoFocus || undefined}
        dir="auto"
        maxLength={200}
        value={values.title}
        error={problem?.fieldMessage('title')}
        onChange={(event) => onChange({ title: event.currentTarget.value })}
      />
      <div className={styles.line}>
        <NativeSelect
          size="xs"
          label={t('request.type')}
          data={types.map((one) => ({ value: one.key, label: one.label }))}
          value={values.type}
          error={problem?.fieldMessage('type')}
          onChange={(event) => onChange({ type: event.currentTarget.value })}
        />
        <NativeSelect
          size="xs"
          label={t('request.priority')}
          data={PRIORITIES.map((value) => ({ value, label: t(`priority.${value}`) }))}
          value={values.priority}
          onChange={(event) => onChange({ priority: event.currentTarget.value as Priority })}
        />
      </div>
      {fieldsOf(schema, values.type).map((field) => (
        <FieldInput
          key={field.key}
          control={FIELD_TYPES[field.type.type].control(field.type, t)}
          label={field.label}
          description={field.help}
          required={field.required}
          value={values.fields[field.key] ?? null}
          error={problem?.fieldMessage(`fields.${field.key}`)}
          onChange={(value) => onChange({ fields: { ...values.fields, [field.key]: value } })}
        />
      ))}
      <Textarea
        label={t('request.description')}
        autosize
        minRows={2}
        maxRows={10}
        dir="auto"
        value={values.description}
        error={problem?.fieldMessage('description')}
        onChange={(event) => onChange({ description: event.currentTarget.value })}
      />
      <div className={styles.line}>
        <NativeSelect
          size="xs"
          label={t('request.owner')}
          data={[
            { value: '', label: t('request.nobody') },
            ...(users.data ?? []).map((user) => ({ value: user.id, label: user.name })),
          ]}
          value={values.owner_id ?? ''}
          error={problem?.fieldMessage('owner_id')}
          onChange={(event) => onChange({ owner_id: event.currentTarget.value || null })}
        />
        <TextInput
          type="date"
          label={t('request.due')}
          value={values.due_on ?? ''}
          error={problem?.fieldMessage('due_on')}
          onChange={(event) => onChange({ due_on: event.currentTarget.value || null })}
        />
      </div>
    </div>
  );
}
