import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallView, Uuid } from '../../../shared/api/types.ts';
import { useOnline } from '../../../shared/live/live.ts';
import { Phone } from '../../../shared/ui/Phone.tsx';
import { ProblemNote } from '../../../shared/ui/ProblemNote.tsx';
import { NewCustomerForm } from '../../customers/components/NewCustomerForm.tsx';
import { relink } from '../../interactions/api.ts';
import { useCallerName } from '../../telephony/callerName.ts';
import { CallNote } from './CallNote.tsx';
import { Chooser } from './Chooser.tsx';
import { CustomerSearch } from './CustomerSearch.tsx';
import styles from './UnknownCall.module.css';

interface Props {
  call: CallView;
  withForm: boolean;
}

/** A call whose customer is not known: the candidates to choose from, or whom to look for. */
export function UnknownCall({ call, withForm }: Props) {
  const { t } = useTranslation();
  const name = useCallerName()(call);
  const online = useOnline();
  const [chosen, setChosen] = useState<Uuid | null>(null);
  const link = useMutation({
    mutationFn: (customerId: Uuid) => relink(call.interaction_id, customerId),
  });
  const choose = (customerId: Uuid) => {
    setChosen(customerId);
    link.mutate(customerId);
  };
  const several = call.candidates.length > 0;

  return (
    <div className={styles.pane}>
      <header className={styles.header}>
        <h1 className={styles.name}>
          <bdi>{name}</bdi>
        </h1>
        <p className={styles.facts}>
          {call.ani && (call.caller_name || call.customer) && <Phone value={call.ani} />}
          {call.queue && <bdi>{call.queue}</bdi>}
          <span>
            {several
              ? t('chooser.several', { count: call.candidates.length })
              : call.channel === 'voice'
                ? t('unknown.noMatch')
                : t('unknown.noMatchAddress')}
          </span>
        </p>
      </header>
      {call.note_from && <CallNote note={call.note_from} />}
      {several && (
        <Chooser
          candidates={call.candidates}
          disabled={!online}
          pending={link.isPending ? chosen : null}
          onChoose={choose}
        />
      )}
      {!online && <p className={styles.offline}>{t('connection.cannotSave')}</p>}
      {link.error && <ProblemNote problem={link.error} />}
      <section className={styles.search} aria-label={t('unknown.search')}>
        <h2 className={styles.heading}>{several ? t('unknown.orSearch') : t('unknown.search')}</h2>
        <CustomerSearch
          withShortcut={false}
          label={t('relink.search')}
          onChoose={(customer) => choose(customer.id)}
        />
      </section>
      {withForm && <NewCustomerForm draftId={call.activity_id} call={call} />}
    </div>
  );
}
