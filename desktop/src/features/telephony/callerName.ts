import { useTranslation } from 'react-i18next';
import type { CallView } from '../../shared/api/types.ts';
import { usePhoneFormat } from '../../shared/format/phone.ts';
import { useDesk } from '../../shared/live/live.ts';

/** Who is on a call, as far as anybody knows: the customer, the name that came along, the number. */
export function useCallerName(): (call: CallView) => string {
  const { t } = useTranslation();
  const region = useDesk((desk) => desk.settings.default_region);
  const format = usePhoneFormat(region);
  return (call) =>
    call.customer?.display_name ||
    call.caller_name ||
    (call.ani ? format(call.ani) : t('call.unknownCaller'));
}
