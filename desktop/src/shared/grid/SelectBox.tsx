import { Checkbox } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { pageToggled, type SelectionStore, toggled } from '../list/selection.ts';
import { useStore } from '../store/store.ts';
import styles from './DataGrid.module.css';

interface BoxProps {
  selection: SelectionStore;
  page: readonly string[];
}

/** Whether a row is selected; a click on it doesn't open the row. */
export function SelectBox({ selection, page, id, name }: BoxProps & { id: string; name: string }) {
  const { t } = useTranslation();
  const checked = useStore(selection, (selected) => selected.all || selected.ids.has(id));
  return (
    <span className={styles.select} data-select>
      <Checkbox
        tabIndex={-1}
        aria-label={t('listView.selectRow', { name })}
        checked={checked}
        onChange={() => selection.set((selected) => toggled(selected, id, page))}
      />
    </span>
  );
}

/** Whether every row of the page is selected. */
export function SelectPageBox({ selection, page }: BoxProps) {
  const { t } = useTranslation();
  const count = useStore(selection, ({ all, ids }) =>
    all ? page.length : page.filter((id) => ids.has(id)).length,
  );
  return (
    <span className={styles.select} data-select>
      <Checkbox
        aria-label={t('listView.selectPage')}
        checked={count > 0 && count === page.length}
        indeterminate={count > 0 && count < page.length}
        onChange={() => selection.set((selected) => pageToggled(selected, page))}
      />
    </span>
  );
}
