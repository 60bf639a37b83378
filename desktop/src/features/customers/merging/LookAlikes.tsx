import { Button } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconUsers } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { CustomerFields } from '../../../shared/api/types.ts';
import { reportProblem } from '../../../shared/ui/notices.ts';
import { openCustomer } from '../../desk/actions.ts';
import { customerPath } from '../../desk/selection.ts';
import { useLookAlikes } from './api.ts';
import styles from './merging.module.css';
import { Reasons } from './Reasons.tsx';
import { WhoLine } from './WhoLine.tsx';

// Asked when one pauses to think, not at every key.
const PAUSE_MS = 400;
const SHOWN = 3;

/** While a card is being written: who looks like it. It hinders nobody, and takes the focus from nobody. */
export function LookAlikes({ fields }: { fields: Partial<CustomerFields> }) {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const [settled] = useDebouncedValue(fields, PAUSE_MS);
  const found = useLookAlikes(settled).data?.items.slice(0, SHOWN) ?? [];
  const open = (id: string) => {
    openCustomer(id).catch(reportProblem('notice.notOpened'));
    navigate(customerPath(id));
  };
  return (
    <div role="status" className={styles.warning} data-empty={found.length === 0 || undefined}>
      {found.length > 0 && (
        <>
          <p className={styles.warningTitle}>
            <IconUsers size={16} aria-hidden />
            {t('duplicates.exists', { count: found.length })}
          </p>
          <ul>
            {found.map((one) => (
              <li key={one.customer.id} className={styles.alike}>
                <div className={styles.who}>
                  <WhoLine customer={one.customer} />
                  <Button
                    size="compact-sm"
                    variant="default"
                    aria-label={t('duplicates.openCard', { name: one.customer.display_name })}
                    onClick={() => open(one.customer.id)}
                  >
                    {t('common.open')}
                  </Button>
                </div>
                <Reasons reasons={one.reasons} />
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
