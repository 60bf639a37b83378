import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  type Customer,
  PHONE_FIELDS,
  type PhoneField,
  type Uuid,
} from '../../../shared/api/types.ts';
import { languageName } from '../../../shared/format/time.ts';
import { EmptyState } from '../../../shared/ui/EmptyState.tsx';
import { Phone } from '../../../shared/ui/Phone.tsx';
import { ProblemNote } from '../../../shared/ui/ProblemNote.tsx';
import { Waiting } from '../../../shared/ui/Waiting.tsx';
import { usePart } from '../../people/parts.ts';
import { useCustomer } from '../api.ts';
import { useAttributes } from '../attributes.ts';
import { useEdit } from '../drafts.ts';
import { DuplicatesSection } from '../merging/DuplicatesSection.tsx';
import { LANGUAGE_CODES } from '../values.ts';
import { Addresses } from './Addresses.tsx';
import { Attributes } from './Attributes.tsx';
import { CardSection } from './CardSection.tsx';
import { Consent } from './Consent.tsx';
import { Identities } from './Identities.tsx';
import { InlineField } from './InlineField.tsx';

function useLanguageOptions(customer: Customer) {
  const codes = new Set<string>(LANGUAGE_CODES);
  if (customer.preferred_language) codes.add(customer.preferred_language);
  const options = [...codes].map((value) => ({ value, label: languageName(value) }));
  options.sort((a, b) => a.label.localeCompare(b.label));
  return [{ value: '', label: '–' }, ...options];
}

function PhoneRow({
  customer,
  field,
  asked,
}: {
  customer: Customer;
  field: PhoneField;
  asked: boolean;
}) {
  const { t } = useTranslation();
  const edit = useEdit(customer.id, field);
  if (!customer[field] && !edit && !asked) return null;
  return (
    <InlineField
      customer={customer}
      field={field}
      label={t(`field.${field}`)}
      control={{ as: 'line', type: 'tel' }}
      show={(value) => <Phone value={String(value)} />}
    />
  );
}

function Phones({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<PhoneField[]>(['phone_1']);
  const free = PHONE_FIELDS.find((field) => !customer[field] && !asked.includes(field));
  return (
    <>
      {PHONE_FIELDS.map((field) => (
        <PhoneRow key={field} customer={customer} field={field} asked={asked.includes(field)} />
      ))}
      {free && customer.phone_1 && (
        <Button
          variant="subtle"
          color="gray"
          px={8}
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => setAsked((known) => [...known, free])}
        >
          {t('card.addPhone')}
        </Button>
      )}
    </>
  );
}

function Details({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const languages = useLanguageOptions(customer);
  const kinds = [
    { value: 'person', label: t('customer.person') },
    { value: 'company', label: t('customer.company') },
  ];
  const text = (field: 'first_name' | 'last_name' | 'company_name') => (
    <InlineField customer={customer} field={field} label={t(`field.${field}`)} />
  );
  return (
    <>
      {customer.kind === 'company' && text('company_name')}
      {text('first_name')}
      {text('last_name')}
      {customer.kind === 'person' && text('company_name')}
      <Phones customer={customer} />
      <InlineField
        customer={customer}
        field="email"
        label={t('field.email')}
        control={{ as: 'line', type: 'email' }}
      />
      <InlineField
        customer={customer}
        field="preferred_language"
        label={t('field.preferred_language')}
        control={{ as: 'choice', options: languages }}
        show={(code) => languageName(String(code))}
      />
      <InlineField
        customer={customer}
        field="kind"
        label={t('field.kind')}
        control={{ as: 'choice', options: kinds }}
        show={(kind) => (kind === 'company' ? t('customer.company') : t('customer.person'))}
      />
      {customer.external_id && (
        <InlineField customer={customer} field="external_id" label={t('import.externalId')} />
      )}
    </>
  );
}

/** Everything the centre keeps about one customer, each value edited where it stands. */
export function CustomerCard({ id }: { id: Uuid }) {
  const { t } = useTranslation();
  const { data: customer, error, refetch } = useCustomer(id);
  const attributes = useAttributes();
  const merges = usePart('merging');
  if (!customer) {
    // The pane beside it says that the customer was erased.
    if (error?.erasure) return <EmptyState title={t('card.emptyTitle')} />;
    if (error) return <ProblemNote problem={error} onRetry={() => void refetch()} />;
    return <Waiting lines={7} label={t('card.loading')} />;
  }
  return (
    <>
      <CardSection name="details" title={t('card.details')}>
        <Details customer={customer} />
      </CardSection>
      {attributes && attributes.length > 0 && (
        <CardSection name="attributes" title={t('card.attributes')}>
          <Attributes customer={customer} attributes={attributes} />
        </CardSection>
      )}
      <CardSection name="addresses" title={t('card.addresses')} count={customer.addresses.length}>
        <Addresses customer={customer} />
      </CardSection>
      <CardSection
        name="identities"
        title={t('card.identities')}
        count={customer.identities.length}
      >
        <Identities customerId={customer.id} identities={customer.identities} />
      </CardSection>
      <CardSection name="consent" title={t('card.consent')}>
        <Consent customer={customer} />
      </CardSection>
      {merges && <DuplicatesSection card={customer} />}
    </>
  );
}
