import { IconMessage2 } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { LinkedText } from '../../../shared/ui/LinkedText.tsx';
import styles from './CallNote.module.css';

/** What the agent who had the call before wants the next one to know (product.md 3.6). */
export function CallNote({ note }: { note: { agent_name: string; text: string } }) {
  const { t } = useTranslation();
  return (
    <aside className={styles.note} aria-label={t('call.noteFrom', { name: note.agent_name })}>
      <IconMessage2 size={16} aria-hidden className={styles.icon} />
      <div>
        <p className={styles.from}>{t('call.noteFrom', { name: note.agent_name })}</p>
        <LinkedText text={note.text} />
      </div>
    </aside>
  );
}
