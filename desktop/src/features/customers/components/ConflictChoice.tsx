import { UnstyledButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import styles from './ConflictChoice.module.css';

interface Props {
  mine: string;
  theirs: string;
  onSettle: (choice: 'mine' | 'theirs') => void;
}

/** Two people wrote the same field: both values, and one is chosen (product.md 1.5). */
export function ConflictChoice({ mine, theirs, onSettle }: Props) {
  const { t } = useTranslation();
  const choices = [
    { choice: 'mine', title: t('conflict.mine'), value: mine },
    { choice: 'theirs', title: t('conflict.theirs'), value: theirs },
  ] as const;
  return (
    <div role="alert" className={styles.conflict}>
      <p>{t('conflict.text')}</p>
      <div className={styles.choices}>
        {choices.map(({ choice, title, value }) => (
          <UnstyledButton key={choice} className={styles.choice} onClick={() => onSettle(choice)}>
            <span className={styles.title}>{title}</span>
            <bdi className={styles.value}>{value || t('card.empty')}</bdi>
          </UnstyledButton>
        ))}
      </div>
    </div>
  );
}
