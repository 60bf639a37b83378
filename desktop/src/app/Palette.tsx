import { Modal } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { isSearchable, useCustomerSearch } from '../features/customers/api.ts';
import { CustomerLine } from '../features/customers/components/CustomerLine.tsx';
import { openCustomer } from '../features/desk/actions.ts';
import { customerPath } from '../features/desk/selection.ts';
import type { CustomerRow } from '../shared/api/types.ts';
import { COMMANDS, type CommandId } from '../shared/keys/commands.ts';
import { KeyCaps } from '../shared/keys/KeyCaps.tsx';
import { runCommand, useAvailableCommands, useCommand } from '../shared/keys/useCommand.ts';
import { hasWords } from '../shared/keys/words.ts';
import { reportProblem } from '../shared/ui/notices.ts';
import { ProblemNote } from '../shared/ui/ProblemNote.tsx';
import styles from './Palette.module.css';

type Choice = { kind: 'command'; id: CommandId } | { kind: 'customer'; customer: CustomerRow };

// Typing goes on for about this long between two keys; a search sooner would be thrown away.
const PAUSE_MS = 150;

function choiceId(choice: Choice): string {
  return `palette-${choice.kind === 'command' ? choice.id : choice.customer.id}`;
}

function useChoices(query: string) {
  const { t } = useTranslation();
  const available = useAvailableCommands();
  const [settled] = useDebouncedValue(query, PAUSE_MS);
  const search = useCustomerSearch(settled, 8);
  const commands = available
    .filter((id) => id !== 'palette.open')
    .filter((id) => hasWords(t(COMMANDS[id].label), query))
    .map((id): Choice => ({ kind: 'command', id }));
  const customers = isSearchable(query)
    ? (search.data?.items ?? []).map((customer): Choice => ({ kind: 'customer', customer }))
    : [];
  return { choices: [...customers, ...commands], customers: customers.length, search };
}

function PaletteBody({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const { choices, customers, search } = useChoices(query);
  const current = choices[Math.min(active, choices.length - 1)];

  const choose = (choice: Choice) => {
    close();
    if (choice.kind === 'command') {
      // The command may open another dialog, which needs this one gone first.
      setTimeout(() => runCommand(choice.id));
      return;
    }
    openCustomer(choice.customer.id).catch(reportProblem('notice.notOpened'));
    navigate(customerPath(choice.customer.id));
  };

  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      const count = choices.length;
      const next = (Math.min(active, count - 1) + step + count) % Math.max(1, count);
      setActive(next);
      const target = choices[next];
      if (target) document.getElementById(choiceId(target))?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter' && current) {
      event.preventDefault();
      choose(current);
    }
  };

  return (
    <>
      <input
        className={styles.input}
        data-autofocus
        role="combobox"
        aria-expanded
        aria-controls="palette-list"
        aria-activedescendant={current ? choiceId(current) : undefined}
        aria-label={t('palette.label')}
        placeholder={t('palette.placeholder')}
        value={query}
        onChange={(event) => {
          setQuery(event.currentTarget.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      {search.error && isSearchable(query) && <ProblemNote problem={search.error} />}
      <div
        id="palette-list"
        role="listbox"
        aria-label={t('palette.results')}
        className={styles.list}
      >
        {choices.map((choice, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above takes the keys for the whole list
          <div
            key={choiceId(choice)}
            id={choiceId(choice)}
            role="option"
            tabIndex={-1}
            aria-selected={choice === current}
            data-first={index === customers && customers > 0 ? true : undefined}
            className={styles.option}
            onClick={() => choose(choice)}
            onPointerMove={() => setActive(index)}
          >
            {choice.kind === 'command' ? (
              <>
                <span className={styles.label}>{t(COMMANDS[choice.id].label)}</span>
                {COMMANDS[choice.id].keys && <KeyCaps keys={COMMANDS[choice.id].keys ?? ''} />}
              </>
            ) : (
              <CustomerLine customer={choice.customer} />
            )}
          </div>
        ))}
      </div>
      {choices.length === 0 && (
        <p className={styles.none}>
          {search.isFetching ? t('palette.searching') : t('palette.none', { query })}
        </p>
      )}
    </>
  );
}

/** Ctrl+K: find a customer or run a command. */
export function Palette() {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  useCommand('palette.open', () => setOpened((known) => !known));
  const close = () => setOpened(false);
  return (
    <Modal.Root
      opened={opened}
      onClose={close}
      size={560}
      yOffset="12vh"
      padding={0}
      shadow="lg"
      transitionProps={{ duration: 80 }}
    >
      <Modal.Overlay />
      <Modal.Content aria-label={t('palette.label')}>
        <Modal.Body>
          <PaletteBody close={close} />
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
