import { Button, Checkbox, Menu, TextInput } from '@mantine/core';
import {
  IconBookmark,
  IconBookmarkPlus,
  IconDeviceFloppy,
  IconPencil,
  IconTrash,
  IconUsers,
} from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { View } from '../api/types.ts';
import { useCommand } from '../keys/useCommand.ts';
import { useDesk } from '../live/live.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { reportProblem } from '../ui/notices.ts';
import { SendForm } from '../ui/SendForm.tsx';
import type { Layout } from './layout.ts';
import styles from './list.module.css';
import { changeView, removeView, saveView, useViews } from './views.ts';

interface Props {
  list: string;
  /** What the list shows now. */
  query: string;
  layout: Layout | null;
  onUse(view: View): void;
}

const SHARING = ['supervisor', 'administrator'];

/** Whether a view shows what the list shows now. */
function isShown(view: View, query: string, layout: Layout | null): boolean {
  if (view.query !== query) return false;
  return view.layout === null || JSON.stringify(view.layout) === JSON.stringify(layout);
}

function SaveDialog({
  list,
  query,
  layout,
  view,
  onClose,
}: Omit<Props, 'onUse'> & { view: View | null; onClose(): void }) {
  const { t } = useTranslation();
  const me = useDesk((desk) => desk.user);
  const mayShare = me.team !== null && me.roles.some((role) => SHARING.includes(role));
  const [name, setName] = useState(view?.name ?? '');
  const [shared, setShared] = useState(view?.team != null);
  const save = useMutation({
    mutationFn: () => {
      const team_id = shared ? (view?.team?.id ?? me.team?.id ?? null) : null;
      if (view) return changeView(view.id, { name, team_id });
      return saveView(list, { name, query, layout, team_id });
    },
    onSuccess: onClose,
  });
  return (
    <Dialog opened onClose={onClose} title={t(view ? 'listView.renameView' : 'listView.saveView')}>
      <SendForm
        className={styles.dialogForm}
        action={t('listView.save')}
        ready={name.trim() !== ''}
        busy={save.isPending}
        problem={save.error?.isBeside(['name']) ? null : save.error}
        onSend={() => save.mutate()}
        acts={
          <Button variant="subtle" color="gray" onClick={onClose}>
            {t('common.cancel')}
          </Button>
        }
      >
        <TextInput
          label={t('listView.viewName')}
          value={name}
          error={save.error?.fieldMessage('name')}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={80}
          data-autofocus
        />
        {mayShare && (
          <Checkbox
            label={t('listView.share', { team: view?.team?.name ?? me.team?.name ?? '' })}
            description={t('listView.shareHelp')}
            checked={shared}
            onChange={(event) => setShared(event.currentTarget.checked)}
          />
        )}
      </SendForm>
    </Dialog>
  );
}

/** The views of a list: to use one, to save what is shown as one, and to look after one's own (product.md 1.6). */
export function ViewsMenu({ list, query, layout, onUse }: Props) {
  const { t } = useTranslation();
  const me = useDesk((desk) => desk.user);
  const views = useViews(list);
  const [opened, setOpened] = useState(false);
  const [used, setUsed] = useState<string | null>(null);
  const [dialog, setDialog] = useState<'new' | 'rename' | null>(null);
  useCommand('list.views', () => setOpened(true));
  const all = views.data ?? [];
  const shown = all.find((one) => isShown(one, query, layout));
  const current = shown ?? all.find((one) => one.id === used) ?? null;
  const mine = all.filter((one) => one.owner_id === me.id && !one.team);
  const shared = all.filter((one) => one.team);
  const mayChange =
    current !== null &&
    (current.owner_id === me.id ||
      me.roles.includes('administrator') ||
      (me.roles.includes('supervisor') && current.team?.id === me.team?.id));
  const report = reportProblem('notice.viewNotSaved');

  const item = (view: View) => (
    <Menu.Item
      key={view.id}
      leftSection={
        view.team ? <IconUsers size={14} aria-hidden /> : <IconBookmark size={14} aria-hidden />
      }
      rightSection={view.team && <span className={styles.viewTeam}>{view.team.name}</span>}
      aria-current={view === shown ? 'true' : undefined}
      onClick={() => {
        setUsed(view.id);
        onUse(view);
      }}
    >
      <bdi className={styles.viewName}>{view.name}</bdi>
    </Menu.Item>
  );

  return (
    <>
      <Menu opened={opened} onChange={setOpened} position="bottom-start" width={300}>
        <Menu.Target>
          <Button variant="default" leftSection={<IconBookmark size={14} aria-hidden />}>
            <bdi className={styles.viewName}>
              {current
                ? shown
                  ? current.name
                  : t('listView.viewChanged', { name: current.name })
                : t('listView.views')}
            </bdi>
          </Button>
        </Menu.Target>
        <Menu.Dropdown className={styles.viewMenu ?? ''}>
          {all.length === 0 && <p className={styles.viewNone}>{t('listView.noViews')}</p>}
          {mine.length > 0 && <Menu.Label>{t('listView.myViews')}</Menu.Label>}
          {mine.map(item)}
          {shared.length > 0 && <Menu.Label>{t('listView.sharedViews')}</Menu.Label>}
          {shared.map(item)}
          <Menu.Divider />
          <Menu.Item
            leftSection={<IconBookmarkPlus size={14} aria-hidden />}
            onClick={() => setDialog('new')}
          >
            {t('listView.saveView')}
          </Menu.Item>
          {current && mayChange && (
            <>
              {!shown && (
                <Menu.Item
                  leftSection={<IconDeviceFloppy size={14} aria-hidden />}
                  onClick={() => changeView(current.id, { query, layout }).catch(report)}
                >
                  {t('listView.updateView', { name: current.name })}
                </Menu.Item>
              )}
              <Menu.Item
                leftSection={<IconPencil size={14} aria-hidden />}
                onClick={() => setDialog('rename')}
              >
                {t('listView.renameOf', { name: current.name })}
              </Menu.Item>
              <Menu.Item
                leftSection={<IconTrash size={14} aria-hidden />}
                onClick={() => removeView(current.id).catch(report)}
              >
                {t('listView.deleteView', { name: current.name })}
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      {dialog && (
        <SaveDialog
          list={list}
          query={query}
          layout={layout}
          view={dialog === 'rename' ? current : null}
          onClose={() => setDialog(null)}
        />
      )}
    </>
  );
}
