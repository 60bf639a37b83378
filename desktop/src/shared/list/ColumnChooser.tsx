import { ActionIcon, Button, Checkbox, Popover, TextInput, VisuallyHidden } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconColumns3 } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommand } from '../keys/useCommand.ts';
import type { ListColumn } from './columns.ts';
import { arranged, type ColumnLayout, type Layout, stepped } from './layout.ts';
import styles from './list.module.css';

interface Props<Row> {
  columns: readonly ListColumn<Row>[];
  layout: Layout | null;
  onLayout(layout: Layout | null): void;
}

/** Which columns show and in which order; Alt and an arrow move one. */
export function ColumnChooser<Row>({ columns, layout, onLayout }: Props<Row>) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  const [wanted, setWanted] = useState('');
  const [said, setSaid] = useState('');
  useCommand('list.columns', () => setOpened(true));
  const placed = arranged(columns, layout);
  const pinned = columns.filter((one) => one.pinned).length;
  const labelOf = (key: string) => columns.find((one) => one.key === key)?.label ?? key;
  const found = placed.filter(({ key }) =>
    labelOf(key).toLocaleLowerCase().includes(wanted.trim().toLocaleLowerCase()),
  );
  const put = (next: ColumnLayout[]) => onLayout({ columns: next });
  const move = (key: string, by: 1 | -1) => {
    const next = stepped(placed, key, by, pinned);
    if (next === placed) return;
    put(next);
    const place = next.findIndex((one) => one.key === key) + 1;
    setSaid(t('admin.moved', { name: labelOf(key), place, count: next.length }));
  };

  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-end"
      trapFocus
      shadow="md"
      returnFocus
    >
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconColumns3 size={14} aria-hidden />}
          onClick={() => setOpened(!opened)}
        >
          {t('listView.columns')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('listView.columns')}>
        <div className={styles.chooser}>
          <TextInput
            aria-label={t('listView.findColumn')}
            placeholder={t('listView.findColumn')}
            value={wanted}
            onChange={(event) => setWanted(event.currentTarget.value)}
            data-autofocus
          />
          <ul className={styles.chooserList}>
            {found.map(({ key, hidden }) => {
              const isPinned = columns.some((one) => one.key === key && one.pinned);
              const name = labelOf(key);
              return (
                <li
                  key={key}
                  className={styles.chooserRow}
                  onKeyDown={(event) => {
                    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown'))
                      return;
                    event.preventDefault();
                    move(key, event.key === 'ArrowUp' ? -1 : 1);
                  }}
                >
                  <Checkbox
                    label={name}
                    checked={!hidden}
                    disabled={isPinned}
                    onChange={() =>
                      put(
                        placed.map((one) => (one.key === key ? { ...one, hidden: !hidden } : one)),
                      )
                    }
                  />
                  {!isPinned && !wanted && (
                    <span className={styles.chooserMoves}>
                      <ActionIcon
                        size={24}
                        tabIndex={-1}
                        aria-label={t('listView.moveUp', { name })}
                        onClick={() => move(key, -1)}
                      >
                        <IconChevronUp size={14} aria-hidden />
                      </ActionIcon>
                      <ActionIcon
                        size={24}
                        tabIndex={-1}
                        aria-label={t('listView.moveDown', { name })}
                        onClick={() => move(key, 1)}
                      >
                        <IconChevronDown size={14} aria-hidden />
                      </ActionIcon>
                    </span>
                  )}
                </li>
              );
            })}
          </ul>
          <p className={styles.chooserHelp}>{t('listView.columnsHelp')}</p>
          <Button
            variant="subtle"
            color="gray"
            disabled={layout === null}
            onClick={() => onLayout(null)}
          >
            {t('listView.resetColumns')}
          </Button>
        </div>
        <VisuallyHidden role="status">{said}</VisuallyHidden>
      </Popover.Dropdown>
    </Popover>
  );
}
