import { UnstyledButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { CallView } from '../../../shared/api/types.ts';
import { Phone } from '../../../shared/ui/Phone.tsx';
import { callPath } from '../../desk/selection.ts';
import { useWaiting } from '../../desk/usePops.ts';
import { useCallerName } from '../callerName.ts';
import { callLook, stateWord } from '../states.ts';
import styles from './CallChip.module.css';
import { Timer } from './Timer.tsx';

const isPhone = ({ channel }: CallView) => channel === 'voice' || channel === 'sms';

/** One current call: the caller's name first, then where it comes from and how long it takes. */
export function CallChip({ call }: { call: CallView }) {
  const { t } = useTranslation();
  const [path, navigate] = useLocation();
  const waiting = useWaiting(call.activity_id);
  const name = useCallerName()(call);
  const { Icon } = callLook(call);
  const target = callPath(call);
  return (
    <UnstyledButton
      className={styles.chip}
      data-state={call.state}
      data-waiting={waiting || undefined}
      aria-current={path === target ? 'true' : undefined}
      onClick={() => navigate(target)}
    >
      <span className={styles.state}>
        <Icon size={16} aria-hidden />
        {t(`state.${stateWord(call)}`)}
      </span>
      <bdi className={styles.name}>{name}</bdi>
      {call.ani && isPhone(call) && (call.customer || call.caller_name) && (
        <span className={styles.more}>
          <Phone value={call.ani} />
        </span>
      )}
      {call.queue && <bdi className={styles.more}>{call.queue}</bdi>}
      <span className={styles.timer}>
        <Timer since={call.since} />
      </span>
    </UnstyledButton>
  );
}
