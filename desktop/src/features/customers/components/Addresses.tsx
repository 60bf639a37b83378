import { Button } from '@mantine/core';
import { IconPencil, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Address, Customer } from '../../../shared/api/types.ts';
import { countryName } from '../../../shared/format/time.ts';
import { useTouched } from '../../../shared/live/live.ts';
import { useFieldEdit } from '../useFieldEdit.ts';
import { addressLine, EMPTY_ADDRESS, withPrimary } from '../values.ts';
import styles from './Addresses.module.css';
import { AddressForm } from './AddressForm.tsx';
import { ConflictChoice } from './ConflictChoice.tsx';
import { FieldProblem } from './FieldProblem.tsx';

function lines(addresses: readonly Address[]): string {
  return addresses.map((one) => addressLine(one, countryName(one.country))).join('\n');
}

/** The postal addresses: each shown on one line, edited in a small form in its place. */
export function Addresses({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const touched = useTouched(`customer/${customer.id}/addresses`);
  const { edit, status, save, cancel, settle } = useFieldEdit(customer, 'addresses');
  const [open, setOpen] = useState<number | null>(null);
  const { addresses } = customer;
  const mine = (edit?.value as Address[] | undefined) ?? addresses;

  const store = (index: number, address: Address | null) => {
    const next = [...addresses];
    if (address === null) next.splice(index, 1);
    else next[index] = address;
    const primary = address?.primary
      ? index
      : Math.max(
          0,
          next.findIndex((one) => one.primary),
        );
    save(withPrimary(next, primary));
    setOpen(null);
  };
  const form = (index: number, address: Address) => (
    <AddressForm
      address={address}
      isNew={index >= addresses.length}
      onSave={(next) => store(index, next)}
      onRemove={() => store(index, null)}
      onCancel={() => {
        setOpen(null);
        cancel();
      }}
    />
  );

  return (
    <div key={touched} className={styles.addresses} data-touched={touched > 0 || undefined}>
      <ul>
        {addresses.map((address, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: addresses have no identity but their place
          <li key={index}>
            {open === index ? (
              form(index, address)
            ) : (
              <button type="button" className={styles.row} onClick={() => setOpen(index)}>
                <bdi className={styles.line}>
                  {addressLine(address, countryName(address.country))}
                </bdi>
                {address.primary && <span className={styles.primary}>{t('address.primary')}</span>}
                <IconPencil size={14} aria-label={t('address.edit')} className={styles.pencil} />
              </button>
            )}
          </li>
        ))}
      </ul>
      {open === addresses.length ? (
        form(addresses.length, { ...EMPTY_ADDRESS, primary: addresses.length === 0 })
      ) : (
        <Button
          variant="subtle"
          color="gray"
          px={8}
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => setOpen(addresses.length)}
        >
          {t('address.add')}
        </Button>
      )}
      {status.is === 'failed' && (
        <FieldProblem id="addresses-problem" problem={status.problem} field="addresses" />
      )}
      {status.is === 'conflict' && (
        <ConflictChoice mine={lines(mine)} theirs={lines(addresses)} onSettle={settle} />
      )}
    </div>
  );
}
