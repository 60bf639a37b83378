import { Checkbox } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Customer } from '../../../shared/api/types.ts';
import { useOnline, useTouched } from '../../../shared/live/live.ts';
import { useFieldEdit } from '../useFieldEdit.ts';
import styles from './Consent.module.css';
import { FieldProblem } from './FieldProblem.tsx';

/** The channels by which a customer may agree to be reached for marketing. */
const CONSENT_CHANNELS = ['voice', 'sms', 'email'] as const;

export function Consent({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const online = useOnline();
  const touched = useTouched(`customer/${customer.id}/consent`);
  const { edit, status, save, settle } = useFieldEdit(customer, 'consent');
  const shown = (edit?.value as Customer['consent'] | undefined) ?? customer.consent;
  return (
    <div key={touched} className={styles.consent} data-touched={touched > 0 || undefined}>
      {CONSENT_CHANNELS.map((channel) => (
        <Checkbox
          key={channel}
          label={t(`channel.${channel}`)}
          checked={shown[channel] === true}
          disabled={!online || status.is === 'saving'}
          onChange={(event) => save({ ...shown, [channel]: event.currentTarget.checked })}
        />
      ))}
      {status.is === 'failed' && (
        <FieldProblem id="consent-problem" problem={status.problem} field="consent" />
      )}
      {status.is === 'conflict' && (
        <button type="button" className={styles.again} onClick={() => settle('theirs')}>
          {t('conflict.reload')}
        </button>
      )}
    </div>
  );
}
