import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { CustomerRow, Uuid } from '../../../shared/api/types.ts';
import { Dialog } from '../../../shared/ui/Dialog.tsx';
import { notify } from '../../../shared/ui/notices.ts';
import { ProblemNote } from '../../../shared/ui/ProblemNote.tsx';
import { CustomerSearch } from '../../desk/components/CustomerSearch.tsx';
import { relink } from '../api.ts';
import styles from './RelinkDialog.module.css';

interface Props {
  opened: boolean;
  onClose: () => void;
  interactionId: Uuid;
  /** Called with the customer that it belongs to now. */
  onLinked?: (customerId: Uuid) => void;
}

/** Gives an interaction to another customer, during the call or later (product.md 3.6). */
export function RelinkDialog({ opened, onClose, interactionId, onLinked }: Props) {
  const { t } = useTranslation();
  const link = useMutation({
    mutationFn: (customer: CustomerRow) => relink(interactionId, customer.id),
    onSuccess: (_linked, customer) => {
      notify('notice.linked');
      onClose();
      onLinked?.(customer.id);
    },
  });
  return (
    <Dialog opened={opened} onClose={onClose} title={t('relink.title')}>
      <div className={styles.body}>
        <p className={styles.text}>{t('relink.text')}</p>
        <CustomerSearch
          onChoose={(customer) => link.mutate(customer)}
          withShortcut={false}
          label={t('relink.search')}
        />
        {link.error && <ProblemNote problem={link.error} />}
      </div>
    </Dialog>
  );
}
