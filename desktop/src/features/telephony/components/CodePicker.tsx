import { Combobox, InputBase, useCombobox } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { WrapUpCode } from '../../../shared/api/types.ts';
import { labelOf } from '../../../shared/i18n/labels.ts';
import { arrangeCodes } from '../codes.ts';

interface Props {
  codes: readonly WrapUpCode[];
  value: string | null;
  onChange: (code: string | null) => void;
}

/** A type-to-find list of wrap-up codes, the three most used first. */
export function CodePicker({ codes, value, onChange }: Props) {
  const { t } = useTranslation();
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const chosen = codes.find((one) => one.code === value);
  const [query, setQuery] = useState('');
  const { used, others } = arrangeCodes(codes, query);
  const option = (one: WrapUpCode) => (
    <Combobox.Option key={one.code} value={one.code} active={one.code === value}>
      <bdi>{labelOf(one)}</bdi>
    </Combobox.Option>
  );

  return (
    <Combobox
      store={combobox}
      shadow="md"
      withinPortal={false}
      onOptionSubmit={(code) => {
        onChange(code);
        const found = codes.find((one) => one.code === code);
        setQuery(found ? labelOf(found) : '');
        combobox.closeDropdown();
      }}
    >
      <Combobox.Target withExpandedAttribute>
        <InputBase
          role="combobox"
          aria-autocomplete="list"
          aria-label={t('wrapUp.code')}
          placeholder={t('wrapUp.code')}
          value={query}
          rightSection={<Combobox.Chevron />}
          rightSectionPointerEvents="none"
          onChange={(event) => {
            setQuery(event.currentTarget.value);
            if (value !== null) onChange(null);
            combobox.openDropdown();
            combobox.selectFirstOption();
          }}
          onClick={() => combobox.openDropdown()}
          onFocus={() => combobox.openDropdown()}
          onBlur={() => {
            combobox.closeDropdown();
            // Text that is no code would look like an outcome and be none.
            setQuery(chosen ? labelOf(chosen) : '');
          }}
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options mah={280} style={{ overflowY: 'auto' }} aria-label={t('wrapUp.code')}>
          {used.length > 0 && (
            <Combobox.Group label={t('wrapUp.mostUsed')}>{used.map(option)}</Combobox.Group>
          )}
          {used.length > 0 && others.length > 0 ? (
            <Combobox.Group label={t('wrapUp.allCodes')}>{others.map(option)}</Combobox.Group>
          ) : (
            others.map(option)
          )}
          {used.length + others.length === 0 && (
            <Combobox.Empty>{t('wrapUp.noCode')}</Combobox.Empty>
          )}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
