import { VisuallyHidden } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { CallView } from '../../../shared/api/types.ts';
import { useStore } from '../../../shared/store/store.ts';
import { useCallerName } from '../../telephony/callerName.ts';
import { popStore } from '../usePops.ts';

function Announcement({ call }: { call: CallView }) {
  const { t } = useTranslation();
  const name = useCallerName()(call);
  if (call.channel !== 'voice') {
    return t('pop.announceChannel', { name, channel: t(`channel.${call.channel}`) });
  }
  return call.queue
    ? t('pop.announceWithQueue', { name, queue: call.queue })
    : t('pop.announce', { name });
}

/** Says politely who calls, once per call; nothing else on the page speaks of itself. */
export function LiveRegion() {
  const announced = useStore(popStore, (pops) => pops.announced);
  return (
    <VisuallyHidden role="status" aria-live="polite" aria-atomic data-testid="announcement">
      {announced && <Announcement key={announced.activity_id} call={announced} />}
    </VisuallyHidden>
  );
}
