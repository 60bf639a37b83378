import { Button, Checkbox, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Address } from '../../../shared/api/types.ts';
import { countryName } from '../../../shared/format/time.ts';
import { useOnline } from '../../../shared/live/live.ts';
import { addressLine } from '../values.ts';
import styles from './AddressForm.module.css';

interface Props {
  address: Address;
  isNew: boolean;
  onSave: (address: Address) => void;
  onRemove: () => void;
  onCancel: () => void;
}

const PARTS = ['street', 'postcode', 'city', 'region', 'country'] as const;

/** One address, part by part. Removing asks once, naming what goes. */
export function AddressForm({ address, isNew, onSave, onRemove, onCancel }: Props) {
  const { t } = useTranslation();
  const online = useOnline();
  const [draft, setDraft] = useState(address);
  const [removing, setRemoving] = useState(false);
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        onSave(draft);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onCancel();
      }}
    >
      {PARTS.map((part, index) => (
        <TextInput
          key={part}
          label={t(`field.${part}`)}
          description={part === 'country' ? t('address.countryHelp') : undefined}
          className={styles[part] ?? ''}
          value={draft[part]}
          dir="auto"
          // The form was opened by a click: the first part is where one goes on.
          autoFocus={index === 0}
          onChange={(event) => setDraft({ ...draft, [part]: event.currentTarget.value })}
        />
      ))}
      <Checkbox
        className={styles.wide ?? ''}
        label={t('address.primary')}
        checked={draft.primary}
        disabled={address.primary}
        onChange={(event) => setDraft({ ...draft, primary: event.currentTarget.checked })}
      />
      {removing && (
        <p className={styles.wide} role="alert">
          {t('address.removeAsk', { address: addressLine(address, countryName(address.country)) })}
        </p>
      )}
      <div className={styles.buttons}>
        {!isNew && (
          <Button
            variant="subtle"
            color={removing ? 'red' : 'gray'}
            disabled={!online}
            onClick={() => (removing ? onRemove() : setRemoving(true))}
          >
            {t('address.remove')}
          </Button>
        )}
        <Button variant="default" ml="auto" onClick={onCancel}>
          {t('common.cancel')}
        </Button>
        <Button type="submit" disabled={!online}>
          {t('card.save')}
        </Button>
      </div>
    </form>
  );
}
