import { Checkbox } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { putPreference } from '../features/people/api.ts';
import { COMMAND_GROUPS, COMMANDS, type CommandId } from '../shared/keys/commands.ts';
import { KeyCaps } from '../shared/keys/KeyCaps.tsx';
import { singleKeysStore, useCommand } from '../shared/keys/useCommand.ts';
import { useStore } from '../shared/store/store.ts';
import { Dialog } from '../shared/ui/Dialog.tsx';
import { NOT_YET_SAVED, reportProblem } from '../shared/ui/notices.ts';
import styles from './KeyMap.module.css';

const ALL = Object.keys(COMMANDS) as CommandId[];

function setSingleKeys(on: boolean): void {
  singleKeysStore.set(on);
  putPreference('single_keys', on).catch(reportProblem(NOT_YET_SAVED));
}

/** The map of all shortcuts, under `?`. */
export function KeyMap() {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  const singleKeys = useStore(singleKeysStore, (on) => on);
  useCommand('keys.show', () => setOpened(true));
  const close = () => setOpened(false);
  return (
    <Dialog opened={opened} onClose={close} size={720} title={t('keys.title')}>
      <div className={styles.groups}>
        {COMMAND_GROUPS.map((group) => {
          const commands = ALL.filter((id) => COMMANDS[id].group === group && COMMANDS[id].keys);
          if (commands.length === 0) return null;
          return (
            <section key={group}>
              <h3 className={styles.heading}>{t(`keys.group.${group}`)}</h3>
              <dl>
                {commands.map((id) => (
                  <div key={id} className={styles.row}>
                    <dt>{t(COMMANDS[id].label)}</dt>
                    <dd>
                      <KeyCaps keys={COMMANDS[id].keys ?? ''} />
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          );
        })}
      </div>
      <Checkbox
        mt={16}
        checked={singleKeys}
        onChange={(event) => setSingleKeys(event.currentTarget.checked)}
        label={t('keys.single')}
        description={t('keys.singleHelp')}
      />
    </Dialog>
  );
}
