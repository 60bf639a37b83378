import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { CallView, CustomerFields } from '../../../shared/api/types.ts';
import { FieldInput } from '../../../shared/fields/FieldInput.tsx';
import { FIELD_TYPES } from '../../../shared/fields/fieldTypes.ts';
import { useOnline } from '../../../shared/live/live.ts';
import { EmptyState } from '../../../shared/ui/EmptyState.tsx';
import { reportProblem } from '../../../shared/ui/notices.ts';
import { ProblemNote } from '../../../shared/ui/ProblemNote.tsx';
import { openCustomer } from '../../desk/actions.ts';
import { customerPath } from '../../desk/selection.ts';
import { createCustomer, type Shared } from '../api.ts';
import { useAttributes } from '../attributes.ts';
import { addressBeside, draftForCall, dropDraft, putDraft, useDraft } from '../drafts.ts';
import { LookAlikes } from '../merging/LookAlikes.tsx';
import styles from './NewCustomerForm.module.css';

interface Props {
  /** The activity of the call it is for, or the name of a form of its own. */
  draftId: string;
  call?: CallView;
  /** `h1` where the form is the whole of the page. */
  level?: 'h1' | 'h2';
}

const FIELDS = [
  { field: 'company_name', type: 'text' },
  { field: 'first_name', type: 'text' },
  { field: 'last_name', type: 'text' },
  { field: 'phone_1', type: 'tel' },
  { field: 'phone_2', type: 'tel' },
  { field: 'email', type: 'email' },
] as const;

/** The card of somebody who has none yet, filled in with what the call told; Enter creates and links. */
export function NewCustomerForm({ draftId, call, level: Title = 'h2' }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const online = useOnline();
  const [, navigate] = useLocation();
  const written = useDraft(draftId);
  const draft = written ?? (call && draftForCall(call));
  const attributes = useAttributes();
  const create = useMutation({
    mutationFn: (shared: Shared) =>
      createCustomer(client, draft?.fields ?? {}, draft?.interactionId ?? null, shared),
    onSuccess: (customer) => {
      dropDraft(draftId);
      openCustomer(customer.id).catch(reportProblem('notice.notOpened'));
      navigate(customerPath(customer.id));
    },
  });
  if (!draft)
    return (
      <EmptyState
        level={Title === 'h1' ? 'h1' : 'p'}
        title={t('unknown.goneTitle')}
        text={t('unknown.goneText')}
      />
    );

  const set = (fields: Partial<CustomerFields>) =>
    putDraft({ ...draft, fields: { ...draft.fields, ...fields }, written: true });
  const company = draft.fields.kind === 'company';
  const beside = call ? addressBeside(call) : null;
  const link =
    call && call.channel !== 'voice' ? t('unknown.createAndLinkThis') : t('unknown.createAndLink');
  return (
    <form
      className={styles.form}
      data-card-editor
      aria-label={t('unknown.form')}
      onSubmit={(event) => {
        event.preventDefault();
        if (online && !create.isPending) create.mutate({});
      }}
      noValidate
    >
      <Title className={styles.title}>{t('desk.newCustomer')}</Title>
      <SegmentedControl
        size="xs"
        aria-label={t('field.kind')}
        value={company ? 'company' : 'person'}
        onChange={(kind) => set({ kind: kind === 'company' ? 'company' : 'person' })}
        data={[
          { value: 'person', label: t('customer.person') },
          { value: 'company', label: t('customer.company') },
        ]}
      />
      {FIELDS.filter(({ field }) => company || field !== 'company_name').map(({ field, type }) => (
        <TextInput
          key={field}
          label={t(`field.${field}`)}
          type={type}
          dir={type === 'text' ? 'auto' : 'ltr'}
          value={draft.fields[field] ?? ''}
          error={create.error?.fieldMessage(field)}
          autoComplete="off"
          data-work-start={field === (company ? 'company_name' : 'first_name') || undefined}
          onChange={(event) => set({ [field]: event.currentTarget.value || null })}
        />
      ))}
      {call && beside && (
        <p className={styles.beside}>
          {t('unknown.beside', { channel: t(`channel.${call.channel}`) })} <bdi>{beside}</bdi>
        </p>
      )}
      {attributes?.map((attribute) => (
        <FieldInput
          key={attribute.id}
          control={FIELD_TYPES[attribute.type.type].control(attribute.type, t)}
          label={attribute.label}
          description={
            attribute.privacy === 'sensitive'
              ? [attribute.help, t('erasure.willBeMasked')].filter(Boolean).join(' ')
              : attribute.help
          }
          required={attribute.required}
          value={draft.fields.attributes?.[attribute.key] ?? null}
          error={create.error?.fieldMessage(`attributes.${attribute.key}`)}
          onChange={(value) =>
            set({ attributes: { ...draft.fields.attributes, [attribute.key]: value } })
          }
        />
      ))}
      <LookAlikes fields={draft.fields} />
      {create.error &&
        !create.error.isBeside([...FIELDS.map(({ field }) => field), 'attributes']) && (
          <ProblemNote
            problem={create.error}
            {...(create.error.asks && {
              retry: t('shared.saveAnyway'),
              onRetry: () => create.mutate({ accept_duplicates: true }),
            })}
          />
        )}
      <Button type="submit" loading={create.isPending} disabled={!online}>
        {draft.interactionId ? link : t('unknown.create')}
      </Button>
      {!online && <p className={styles.offline}>{t('connection.cannotSave')}</p>}
    </form>
  );
}
