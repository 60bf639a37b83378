import { Button } from '@mantine/core';
import { IconArrowLeft, IconLink } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Redirect } from 'wouter';
import { api } from '../../../shared/api/client.ts';
import type { Interaction, Uuid } from '../../../shared/api/types.ts';
import { listenTo, useOnline } from '../../../shared/live/live.ts';
import { applyToInteraction } from '../../../shared/live/resources.ts';
import { useLiveAnswer } from '../../../shared/live/useLiveList.ts';
import { notify } from '../../../shared/ui/notices.ts';
import { ProblemNote } from '../../../shared/ui/ProblemNote.tsx';
import { Waiting } from '../../../shared/ui/Waiting.tsx';
import { useCustomer } from '../../customers/api.ts';
import { CustomerLine } from '../../customers/components/CustomerLine.tsx';
import { CustomerSearch } from '../../desk/components/CustomerSearch.tsx';
import { relink } from '../api.ts';
import { InteractionItem } from '../components/InteractionItem.tsx';
import { interactionPath, LIST_PATH } from '../paths.ts';
import styles from './InteractionPage.module.css';

function Candidate({ id, onChoose }: { id: Uuid; onChoose: (id: Uuid) => void }) {
  const customer = useCustomer(id).data;
  const online = useOnline();
  return customer ? (
    <Button
      variant="default"
      justify="start"
      disabled={!online}
      leftSection={<IconLink size={14} aria-hidden />}
      onClick={() => onChoose(id)}
    >
      <CustomerLine customer={customer} />
    </Button>
  ) : null;
}

/** Who it may have been: its candidates, or anybody who is looked for. */
function Whose({ interaction }: { interaction: Interaction }) {
  const { t } = useTranslation();
  const link = useMutation({
    mutationFn: (customerId: Uuid) => relink(interaction.id, customerId),
    onSuccess: () => notify('notice.linked'),
  });
  return (
    <section className={styles.whose} aria-label={t('interactions.whose')}>
      <h2 className={styles.heading}>{t('interactions.whose')}</h2>
      <p className={styles.text}>
        {interaction.candidates.length > 0
          ? t('interactions.maybe', { count: interaction.candidates.length })
          : t('unknown.noMatch')}
      </p>
      {interaction.candidates.map((id) => (
        <Candidate key={id} id={id} onChoose={link.mutate} />
      ))}
      <CustomerSearch
        withShortcut={false}
        label={t('relink.search')}
        onChoose={({ id }) => link.mutate(id)}
      />
      {link.error && <ProblemNote problem={link.error} />}
    </section>
  );
}

/** An interaction whose customer is not known; as soon as it is, it shows in that customer's journey. */
export function InteractionPage({ id }: { id: Uuid }) {
  const { t } = useTranslation();
  useEffect(() => listenTo(`interaction:${id}`), [id]);
  const found = useLiveAnswer<Interaction>(
    ['interactions', 'one', id],
    (signal) => api.get<Interaction>(`/interactions/${id}`, { signal }),
    applyToInteraction,
  );
  const [open, setOpen] = useState(true);
  const interaction = found.data;
  if (interaction?.customer_id) return <Redirect to={interactionPath(interaction)} replace />;
  return (
    <main className={styles.page}>
      <Link href={LIST_PATH} className={styles.back ?? ''}>
        <IconArrowLeft size={14} aria-hidden />
        {t('section.interactions')}
      </Link>
      <h1 className={styles.title}>
        <bdi>{interaction?.caller_name ?? t('interactions.unknown')}</bdi>
      </h1>
      {found.error && <ProblemNote problem={found.error} onRetry={() => void found.refetch()} />}
      {found.isPending && <Waiting lines={4} label={t('journey.loading')} />}
      {interaction && (
        <>
          <div className={styles.item}>
            <InteractionItem interaction={interaction} line={0} open={open} onToggle={setOpen} />
          </div>
          <Whose interaction={interaction} />
        </>
      )}
    </main>
  );
}
