import { Button, CloseButton } from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from '../store/store.ts';
import styles from './Notices.module.css';
import { ACT_MS, dismiss, NOTICE_MS, type Notice, noticeStore } from './notices.ts';
import { ProblemText } from './ProblemNote.tsx';

function NoticeCard({ notice }: { notice: Notice }) {
  const { t } = useTranslation();
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held || notice.lasting) return;
    const timer = setTimeout(() => dismiss(notice.id), notice.action ? ACT_MS : NOTICE_MS);
    return () => clearTimeout(timer);
  }, [held, notice]);
  const Icon = notice.problem ? IconAlertTriangle : IconCheck;
  return (
    <li
      className={styles.notice}
      data-failed={notice.problem !== null || undefined}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <Icon size={16} aria-hidden className={styles.icon} />
      <div className={styles.text}>
        <p>{t(notice.key, notice.values as Record<never, never>)}</p>
        {notice.problem && <ProblemText problem={notice.problem} />}
      </div>
      {notice.action && (
        <Button
          variant="default"
          size="compact-sm"
          onClick={() => {
            notice.action?.run();
            dismiss(notice.id);
          }}
        >
          {t(notice.action.key)}
        </Button>
      )}
      <CloseButton size="sm" aria-label={t('common.dismiss')} onClick={() => dismiss(notice.id)} />
    </li>
  );
}

/** The one place for what has no place of its own. */
export function Notices() {
  const { t } = useTranslation();
  const notices = useStore(noticeStore, (all) => all);
  return (
    <section aria-label={t('notice.region')} aria-live="polite" className={styles.region}>
      <ul>
        {notices.map((notice) => (
          <NoticeCard key={notice.id} notice={notice} />
        ))}
      </ul>
    </section>
  );
}
