import { Menu, Tooltip, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconPhone, IconPhoneOff } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Me } from '../../../shared/api/types.ts';
import { useCommand } from '../../../shared/keys/useCommand.ts';
import { useDesk, useOnline } from '../../../shared/live/live.ts';
import { reportProblem } from '../../../shared/ui/notices.ts';
import { setCti } from '../../desk/actions.ts';
import { agentState, STATE_LOOK, stateWord } from '../states.ts';
import styles from './CtiButton.module.css';
import { Timer } from './Timer.tsx';

type Reason = 'cti.notEnabled' | 'cti.noExtension' | 'cti.ownExtension' | 'cti.offline';

function useReason(me: Me): Reason | null {
  const online = useOnline();
  if (!me.cti_enabled) return 'cti.notEnabled';
  if (!me.extension) {
    return me.roles.includes('administrator') ? 'cti.ownExtension' : 'cti.noExtension';
  }
  return online ? null : 'cti.offline';
}

/** The telephone icon: the agent's state, and the way in and out of CTI (product.md 5.2). */
export function CtiButton({ me }: { me: Me }) {
  const { t } = useTranslation();
  const cti = useDesk((desk) => desk.cti);
  const calls = useDesk((desk) => desk.calls);
  const { state, since } = agentState(cti, calls);
  const foremost = calls.findLast((call) => call.state === state);
  const reason = useReason(me);
  const change = useMutation({
    mutationFn: setCti,
    onError: (problem) => reportProblem('notice.ctiFailed')(problem),
  });
  useCommand('cti.login', () => change.mutate(true), !reason && !cti.logged_in);
  useCommand('cti.logout', () => change.mutate(false), !reason && cti.logged_in);

  const { Icon, colour } = STATE_LOOK[state];
  const face = (
    <>
      <Icon size={18} aria-hidden style={{ color: colour }} />
      <span className={styles.word}>{t(`state.${foremost ? stateWord(foremost) : state}`)}</span>
      {cti.logged_in && since && (
        <span className={styles.timer}>
          <Timer since={since} />
        </span>
      )}
    </>
  );

  if (reason) {
    return (
      <Tooltip label={t(reason)} multiline maw={280}>
        <UnstyledButton className={styles.button} aria-disabled data-disabled>
          {face}
          {reason !== 'cti.offline' && <span className={styles.reason}>{t(reason)}</span>}
        </UnstyledButton>
      </Tooltip>
    );
  }
  if (!cti.logged_in) {
    return (
      <UnstyledButton
        className={styles.button}
        onClick={() => change.mutate(true)}
        aria-busy={change.isPending}
      >
        {face}
        <span className={styles.act}>{t('cti.login')}</span>
      </UnstyledButton>
    );
  }
  return (
    <Menu position="bottom-start" width={240}>
      <Menu.Target>
        <UnstyledButton className={styles.button} aria-busy={change.isPending}>
          {face}
          <IconChevronDown size={14} aria-hidden className={styles.chevron} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <IconPhone size={12} aria-hidden />{' '}
          {t('cti.extension', { extension: me.extension ?? '' })}
        </Menu.Label>
        <Menu.Item
          leftSection={<IconPhoneOff size={16} aria-hidden />}
          onClick={() => change.mutate(false)}
        >
          {t('command.ctiLogout')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
