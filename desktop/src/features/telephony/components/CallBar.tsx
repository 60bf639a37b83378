import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import type { Me } from '../../../shared/api/types.ts';
import { useDesk } from '../../../shared/live/live.ts';
import { ByHand } from './ByHand.tsx';
import styles from './CallBar.module.css';
import { CallChip } from './CallChip.tsx';
import { ConnectionDot, ConnectionLost } from './ConnectionDot.tsx';
import { CtiButton } from './CtiButton.tsx';
import { WrapUpForm } from './WrapUpForm.tsx';

/** The agent's telephone on one line: state, current calls, connection; below it what awaits an outcome. */
export function CallBar({ me }: { me: Me }) {
  const { t } = useTranslation();
  const calls = useDesk((desk) => desk.calls);
  const finished = calls.filter((call) => call.state === 'wrap_up');
  return (
    <section aria-label={t('callBar.label')} className={styles.bar}>
      <div className={styles.line}>
        <CtiButton me={me} />
        <div className={styles.calls}>
          {calls.map((call) => (
            <Fragment key={call.activity_id}>
              <CallChip call={call} />
              {call.by_hand && call.state !== 'wrap_up' && <ByHand call={call} />}
            </Fragment>
          ))}
        </div>
        <ConnectionDot />
      </div>
      <ConnectionLost />
      {finished.map((call, index) => (
        <WrapUpForm key={call.activity_id} call={call} takesKeys={index === finished.length - 1} />
      ))}
    </section>
  );
}
