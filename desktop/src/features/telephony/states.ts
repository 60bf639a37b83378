import {
  IconPencil,
  IconPhone,
  IconPhoneCall,
  IconPhoneIncoming,
  IconPhoneOff,
  IconPhoneOutgoing,
  IconPlayerPause,
} from '@tabler/icons-react';
import type { CallView, CtiStateName } from '../../shared/api/types.ts';

/** Icon and colour of each state; its word comes from `state.*`. Colour is never alone. */
export const STATE_LOOK: Record<CtiStateName, { Icon: typeof IconPhone; colour: string }> = {
  logged_out: { Icon: IconPhoneOff, colour: 'var(--rd-logged_out)' },
  ready: { Icon: IconPhone, colour: 'var(--rd-ready)' },
  ringing: { Icon: IconPhoneIncoming, colour: 'var(--rd-ringing)' },
  talking: { Icon: IconPhoneCall, colour: 'var(--rd-talking)' },
  hold: { Icon: IconPlayerPause, colour: 'var(--rd-hold)' },
  wrap_up: { Icon: IconPencil, colour: 'var(--rd-wrap_up)' },
};

export function callLook(call: CallView) {
  const look = STATE_LOOK[call.state];
  const dialling = call.state === 'ringing' && call.direction === 'outbound';
  return dialling ? { ...look, Icon: IconPhoneOutgoing } : look;
}

/** From when a call's timer counts: the ringing, the talk, or the wrap-up. */
export function timerStart(call: CallView): string {
  if (call.state === 'ringing') return call.started_at;
  if (call.state === 'wrap_up') return call.ended_at ?? call.started_at;
  return call.answered_at ?? call.started_at;
}
