import { usePhoneFormat } from '../format/phone.ts';
import { useDesk } from '../live/live.ts';

/** A number as people here write it; the digits run left to right in every script. */
export function Phone({ value }: { value: string }) {
  const region = useDesk((desk) => desk.settings.default_region);
  const format = usePhoneFormat(region);
  return (
    <bdi dir="ltr" translate="no" style={{ whiteSpace: 'nowrap' }}>
      {format(value)}
    </bdi>
  );
}
