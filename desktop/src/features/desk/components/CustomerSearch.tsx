import { Combobox, Loader, TextInput, useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomerRow, Uuid } from '../../../shared/api/types.ts';
import { useCommand } from '../../../shared/keys/useCommand.ts';
import { isSearchable, useCustomerSearch } from '../../customers/api.ts';
import { CustomerLine } from '../../customers/components/CustomerLine.tsx';

interface Props {
  onChoose: (customer: CustomerRow) => void;
  /** Takes `/`; only one search on a page may. */
  withShortcut?: boolean;
  /** Takes the focus when it comes: somebody asked for it by a button. */
  focused?: boolean;
  label?: string;
  /** Whom one is not looking for: the card that one stands at. */
  except?: Uuid;
}

// Typing goes on for about this long between two keys; a search sooner would be thrown away.
const PAUSE_MS = 150;

/** Finds a customer by name, number or e-mail while one types. */
export function CustomerSearch({
  onChoose,
  withShortcut = true,
  focused = false,
  label,
  except,
}: Props) {
  const { t } = useTranslation();
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const input = useRef<HTMLInputElement>(null);
  const [query, setQuery] = useState('');
  const [settled] = useDebouncedValue(query, PAUSE_MS);
  const search = useCustomerSearch(settled, 10);
  const items = isSearchable(query)
    ? (search.data?.items ?? []).filter((one) => one.id !== except)
    : [];
  const first = items[0]?.id;
  // Enter takes the first of what was found, which comes later than the key that asked for it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the combobox is another object at every drawing
  useEffect(() => {
    if (first) combobox.selectFirstOption();
  }, [first]);
  useCommand('go.search', () => input.current?.focus(), withShortcut);
  const name = label ?? t('desk.search');

  return (
    <Combobox
      store={combobox}
      shadow="md"
      withinPortal={false}
      width={360}
      position="bottom-start"
      onOptionSubmit={(id) => {
        const chosen = items.find((one) => one.id === id);
        setQuery('');
        combobox.closeDropdown();
        if (chosen) onChoose(chosen);
      }}
    >
      <Combobox.Target withExpandedAttribute>
        <TextInput
          ref={input}
          flex={1}
          autoFocus={focused}
          role="combobox"
          aria-autocomplete="list"
          aria-label={name}
          placeholder={name}
          leftSection={<IconSearch size={14} aria-hidden />}
          rightSection={search.isFetching ? <Loader size={12} aria-hidden /> : null}
          value={query}
          onChange={(event) => {
            setQuery(event.currentTarget.value);
            combobox.openDropdown();
          }}
          onFocus={() => combobox.openDropdown()}
          onBlur={() => combobox.closeDropdown()}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={!isSearchable(query)}>
        <Combobox.Options mah={360} style={{ overflowY: 'auto' }} aria-label={t('palette.results')}>
          {items.map((customer) => (
            <Combobox.Option key={customer.id} value={customer.id}>
              <CustomerLine customer={customer} />
            </Combobox.Option>
          ))}
          {items.length === 0 && (
            <Combobox.Empty>
              {search.error
                ? t('problem.search')
                : search.isFetching || query !== settled
                  ? t('palette.searching')
                  : t('palette.none', { query })}
            </Combobox.Empty>
          )}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
