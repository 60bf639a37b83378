import { Button, Textarea } from '@mantine/core';
import { IconLock, IconLockOpen } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { useForm } from '../../../shared/admin/useForm.ts';
import type { Request, RequestSchema } from '../../../shared/api/types.ts';
import { FIELD_TYPES } from '../../../shared/fields/fieldTypes.ts';
import { NO_FILTER } from '../../../shared/live/resources.ts';
import { Dialog } from '../../../shared/ui/Dialog.tsx';
import { EmptyState } from '../../../shared/ui/EmptyState.tsx';
import { LinkedText } from '../../../shared/ui/LinkedText.tsx';
import { LinksIn } from '../../../shared/ui/LinksIn.tsx';
import { ProblemNote } from '../../../shared/ui/ProblemNote.tsx';
import { RelativeTime } from '../../../shared/ui/RelativeTime.tsx';
import { SendForm } from '../../../shared/ui/SendForm.tsx';
import { Waiting } from '../../../shared/ui/Waiting.tsx';
import { customerPath } from '../../desk/selection.ts';
import { useJourney } from '../../interactions/api.ts';
import { JourneyList } from '../../interactions/components/JourneyList.tsx';
import { usePart } from '../../people/parts.ts';
import { useLeads } from '../../people/rights.ts';
import {
  closeRequest,
  editRequest,
  fieldsOf,
  type RequestContent,
  reopenRequest,
  useRequest,
  useRequestSchema,
} from '../api.ts';
import { Due, PriorityMark } from '../components/RequestFacts.tsx';
import { REQUEST_FIELDS, RequestFields } from '../components/RequestForm.tsx';
import { reference } from '../look.ts';
import styles from './RequestPage.module.css';

function contentOf(request: Request): RequestContent {
  const { type, title, description, owner_id, due_on, priority, fields } = request;
  return { type, title, description, owner_id, due_on, priority, fields };
}

/** What is written in an active request, to be changed where it stands. */
function Editor({ request, schema }: { request: Request; schema: RequestSchema }) {
  const { t } = useTranslation();
  const form = useForm<RequestContent>(`request/${request.id}`, contentOf(request));
  const save = useMutation({
    mutationFn: () => editRequest(request, form.changed),
    onSuccess: form.reset,
  });
  return (
    <SendForm
      className={styles.form}
      action={t('admin.save')}
      ready={form.isChanged}
      busy={save.isPending}
      problem={save.error?.isBeside(REQUEST_FIELDS) ? null : save.error}
      onSend={() => save.mutate()}
      acts={
        form.isChanged && (
          <Button variant="subtle" color="gray" onClick={form.reset}>
            {t('admin.reset')}
          </Button>
        )
      }
    >
      <RequestFields
        schema={schema}
        values={form.values}
        onChange={form.set}
        problem={save.error}
      />
      <LinksIn
        label={t('request.links')}
        texts={[request.title, request.description, ...Object.values(request.fields)]}
      />
      {form.overtaken.length > 0 && (
        <p role="alert" className={styles.overtaken}>
          {t('admin.overtaken')}
        </p>
      )}
    </SendForm>
  );
}

/** What a closed request says; its links work, and nothing can be changed. */
function Record({ request, schema }: { request: Request; schema: RequestSchema }) {
  const { t } = useTranslation();
  const rows = fieldsOf(schema, request.type).flatMap((field) => {
    const value = request.fields[field.key];
    return value === undefined || value === null
      ? []
      : [{ label: field.label, text: FIELD_TYPES[field.type.type].show(value, t) }];
  });
  return (
    <div className={styles.form}>
      <LinksIn label={t('request.links')} texts={[request.title]} />
      {request.closing_reason && (
        <p>
          <span className={styles.dim}>{t('request.closingReason')}</span>{' '}
          <LinkedText text={request.closing_reason} />
        </p>
      )}
      {request.description && <LinkedText text={request.description} />}
      {rows.length > 0 && (
        <dl className={styles.values}>
          {rows.map(({ label, text }) => (
            <div key={label}>
              <dt className={styles.dim}>{label}</dt>
              <dd>
                <LinkedText text={text} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}

function CloseButton({ request }: { request: Request }) {
  const { t } = useTranslation();
  const mayRepair = useLeads();
  const [asking, setAsking] = useState(false);
  // What the dialog asks; it stays while the dialog goes, though the request is the other then.
  const [reopening, setReopening] = useState(false);
  const [reason, setReason] = useState('');
  const closed = request.status === 'closed';
  const act = useMutation({
    mutationFn: () => (reopening ? reopenRequest : closeRequest)(request.id, reason),
    onSuccess: () => setAsking(false),
  });
  if (closed && !mayRepair && !asking) return null;
  const Icon = closed ? IconLockOpen : IconLock;
  const doIt = reopening ? t('request.reopen') : t('request.close');
  return (
    <>
      <Button
        variant="default"
        leftSection={<Icon size={14} aria-hidden />}
        onClick={() => {
          act.reset();
          setReason('');
          setReopening(closed);
          setAsking(true);
        }}
      >
        {closed ? t('request.reopen') : t('request.close')}
      </Button>
      <Dialog
        opened={asking}
        onClose={() => setAsking(false)}
        title={reopening ? t('request.reopenTitle') : t('request.closeTitle')}
      >
        <SendForm
          className={styles.form}
          action={doIt}
          ready
          busy={act.isPending}
          problem={act.error}
          onSend={() => act.mutate()}
          acts={
            <Button variant="subtle" color="gray" onClick={() => setAsking(false)}>
              {t('common.cancel')}
            </Button>
          }
        >
          <p>{reopening ? t('request.reopenText') : t('request.closeText')}</p>
          <Textarea
            label={t('request.closingReason')}
            autosize
            data-autofocus
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        </SendForm>
      </Dialog>
    </>
  );
}

function Interactions({ request }: { request: Request }) {
  const { t } = useTranslation();
  const journey = useJourney(request.customer_id, { ...NO_FILTER, request: request.id });
  const interactions = journey.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section className={styles.interactions} aria-label={t('request.interactions')}>
      <h2 className={styles.heading}>{t('request.interactions')}</h2>
      {journey.isPending && <Waiting lines={4} label={t('journey.loading')} />}
      {journey.error && interactions.length === 0 && (
        <ProblemNote problem={journey.error} onRetry={() => void journey.refetch()} />
      )}
      {journey.isSuccess && interactions.length === 0 && (
        <EmptyState title={t('request.noInteractions')} text={t('request.noInteractionsText')} />
      )}
      {interactions.length > 0 && (
        <JourneyList
          interactions={interactions}
          more={journey.hasNextPage}
          loading={journey.isFetchingNextPage}
          problem={journey.error}
          onMore={() => void journey.fetchNextPage()}
        />
      )}
    </section>
  );
}

/** One request: what it says, whom it is about, and everything that was talked about it. */
export function RequestPage({ id }: { id: string }) {
  const { t } = useTranslation();
  const { data: request, error, refetch } = useRequest(id);
  const schema = useRequestSchema();
  const journey = usePart('journey');
  const problem = error ?? schema.error;
  if (problem)
    return (
      <main className={styles.page}>
        <ProblemNote problem={problem} onRetry={() => void refetch()} />
      </main>
    );
  if (!request || !schema.data)
    return (
      <main className={styles.page}>
        <Waiting lines={8} label={t('request.loading')} />
      </main>
    );
  const closed = request.status === 'closed';
  return (
    <main className={styles.page}>
      <section className={styles.left} aria-label={reference(request.number)}>
        <header className={styles.header}>
          <div className={styles.top}>
            <span className={styles.number}>{reference(request.number)}</span>
            <span className={styles.status} data-status={request.status}>
              {closed ? t('request.closed') : t('request.active')}
            </span>
            <PriorityMark request={request} />
            <Due request={request} />
            <span className={styles.acts}>
              <CloseButton request={request} />
            </span>
          </div>
          <h1 className={styles.title}>
            <bdi>{request.title}</bdi>
          </h1>
          <p className={styles.facts}>
            <Link href={customerPath(request.customer_id)} className={styles.customer ?? ''}>
              <bdi>{request.customer_name}</bdi>
            </Link>
            <span>
              {t('request.openedBy', { name: request.created_by })}{' '}
              <RelativeTime at={request.created_at} />
            </span>
            {request.closed_at && (
              <span>
                {request.closed_by
                  ? t('request.closedBy', { name: request.closed_by })
                  : t('request.closedByItself')}{' '}
                <RelativeTime at={request.closed_at} />
              </span>
            )}
          </p>
        </header>
        {closed ? (
          <Record request={request} schema={schema.data} />
        ) : (
          <Editor request={request} schema={schema.data} />
        )}
      </section>
      {journey && <Interactions key={request.customer_id} request={request} />}
    </main>
  );
}
