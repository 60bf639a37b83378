import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from '../store/store.ts';
import styles from './list.module.css';
import { NOTHING, type SelectionStore } from './selection.ts';

interface Props {
  selection: SelectionStore;
  page: readonly string[];
  total: number;
  estimated: boolean;
  /** What can be done with them. */
  children: ReactNode;
}

/** How many rows are selected, the way to everything that matches, and what to do with it. */
export function SelectionBar({ selection, page, total, estimated, children }: Props) {
  const { t } = useTranslation();
  const { all, ids } = useStore(selection, (selected) => selected);
  if (!all && ids.size === 0) return null;
  const wholePage = page.length > 0 && page.every((id) => ids.has(id));
  const count = all ? total : ids.size;
  return (
    <section className={styles.selected} aria-label={t('listView.selection')}>
      <span role="status" className="rd-figures">
        {t(all && estimated ? 'listView.selectedAbout' : 'listView.selected', { count })}
      </span>
      {!all && wholePage && total > ids.size && (
        <Button
          variant="subtle"
          size="compact-xs"
          onClick={() => selection.set({ ids: new Set(), all: true })}
        >
          {t(estimated ? 'listView.selectAllAbout' : 'listView.selectAll', { count: total })}
        </Button>
      )}
      <span className={styles.spacer} />
      {children}
      <Button variant="subtle" color="gray" onClick={() => selection.set(NOTHING)}>
        {t('listView.selectNone')}
      </Button>
    </section>
  );
}
