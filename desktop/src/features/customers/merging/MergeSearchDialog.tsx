import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { Uuid } from '../../../shared/api/types.ts';
import { Dialog } from '../../../shared/ui/Dialog.tsx';
import { CustomerSearch } from '../../desk/components/CustomerSearch.tsx';
import styles from './merging.module.css';
import { mergePath } from './paths.ts';

interface Props {
  customer: { id: Uuid; display_name: string };
  opened: boolean;
  onClose(): void;
}

/** Finds the other card of somebody who has two, and goes on to the page that makes one of them. */
export function MergeSearchDialog({ customer, opened, onClose }: Props) {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  return (
    <Dialog opened={opened} onClose={onClose} title={t('merge.withOther')}>
      <div className={styles.find}>
        <p className={styles.dim}>{t('merge.find', { name: customer.display_name })}</p>
        <CustomerSearch
          withShortcut={false}
          focused
          label={t('duplicates.searchLabel')}
          except={customer.id}
          onChoose={(other) => {
            onClose();
            navigate(mergePath(customer.id, other.id));
          }}
        />
      </div>
    </Dialog>
  );
}
