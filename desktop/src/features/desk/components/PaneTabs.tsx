import { SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import styles from './PaneTabs.module.css';

export type PaneName = 'customers' | 'middle' | 'card';

interface Props {
  value: PaneName;
  onChange: (pane: PaneName) => void;
  /** Whether there is a card at all, and whether one can be looked at now. */
  card: boolean;
  usable: boolean;
}

/** Which pane shows where there is room for one only. */
export function PaneTabs({ value, onChange, card, usable }: Props) {
  const { t } = useTranslation();
  return (
    <nav aria-label={t('desk.panes')} className={styles.tabs}>
      <SegmentedControl
        fullWidth
        size="xs"
        aria-label={t('desk.panes')}
        value={value}
        onChange={(pane) => onChange(pane as PaneName)}
        data={[
          { value: 'customers', label: t('desk.customers') },
          { value: 'middle', label: t('desk.journey') },
          ...(card ? [{ value: 'card', label: t('card.title'), disabled: !usable }] : []),
        ]}
      />
    </nav>
  );
}
