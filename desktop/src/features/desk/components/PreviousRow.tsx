import { UnstyledButton } from '@mantine/core';
import { IconBuilding } from '@tabler/icons-react';
import type { CustomerSummary } from '../../../shared/api/types.ts';
import { initials } from '../../../shared/ui/initials.ts';
import { CustomerHover } from './CustomerHover.tsx';
import styles from './PreviousRow.module.css';

interface Props {
  customer: CustomerSummary;
  folded: boolean;
  onOpen: () => void;
}

/** A customer closed earlier; a click opens it again. */
export function PreviousRow({ customer, folded, onOpen }: Props) {
  return (
    <li>
      <CustomerHover customer={customer}>
        <UnstyledButton
          className={styles.row}
          onClick={onOpen}
          aria-label={folded ? customer.display_name : undefined}
        >
          <span className={styles.face}>
            {customer.kind === 'company' ? (
              <IconBuilding size={14} aria-hidden />
            ) : (
              <span aria-hidden>{initials(customer.display_name)}</span>
            )}
          </span>
          {!folded && <bdi className={styles.name}>{customer.display_name}</bdi>}
        </UnstyledButton>
      </CustomerHover>
    </li>
  );
}
