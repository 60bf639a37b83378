import { TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { runCommand, useCommand } from '../keys/useCommand.ts';
import styles from './list.module.css';

// A search for every key would be thrown away by the next one; people type a key every 100 to 200 ms.
const TYPING_PAUSE_MS = 200;

interface Props {
  label: string;
  /** What was asked for; going back and forth brings other words. */
  q: string;
  typed: string;
  onType: (text: string) => void;
  onAsk: (q: string) => void;
}

/** The quick search of a list: `/` goes there, an arrow down goes on into the rows. */
export function ListSearch({ label, q, typed, onType, onAsk }: Props) {
  const search = useRef<HTMLInputElement>(null);
  const askSoon = useDebouncedCallback(onAsk, TYPING_PAUSE_MS);
  useCommand('go.search', () => search.current?.select());
  // Words that are being typed now are not taken away.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only other words bring others
  useEffect(() => {
    if (document.activeElement !== search.current) onType(q);
  }, [q]);
  return (
    <TextInput
      ref={search}
      className={styles.search ?? ''}
      type="search"
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size={14} aria-hidden />}
      value={typed}
      onChange={(event) => {
        onType(event.currentTarget.value);
        askSoon(event.currentTarget.value);
      }}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing || event.key !== 'ArrowDown') return;
        event.preventDefault();
        runCommand('list.next');
      }}
    />
  );
}
