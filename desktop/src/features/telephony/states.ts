import {
  IconPencil,
  IconPhone,
  IconPhoneCall,
  IconPhoneIncoming,
  IconPhoneOff,
  IconPhoneOutgoing,
  IconPlayerPause,
} from '@tabler/icons-react';
import type { CallState, CallView, Cti } from '../../shared/api/types.ts';
import { CHANNEL_ICON } from '../interactions/look.ts';

export type AgentState = CallState | Cti['state'];

/** Icon and colour of each state; its word comes from `state.*`. Colour is never alone. */
export const STATE_LOOK: Record<AgentState, { Icon: typeof IconPhone; colour: string }> = {
  logged_out: { Icon: IconPhoneOff, colour: 'var(--rd-logged_out)' },
  ready: { Icon: IconPhone, colour: 'var(--rd-ready)' },
  ringing: { Icon: IconPhoneIncoming, colour: 'var(--rd-ringing)' },
  talking: { Icon: IconPhoneCall, colour: 'var(--rd-talking)' },
  hold: { Icon: IconPlayerPause, colour: 'var(--rd-hold)' },
  wrap_up: { Icon: IconPencil, colour: 'var(--rd-wrap_up)' },
};

export function callLook(call: CallView) {
  const look = STATE_LOOK[call.state];
  if (call.channel !== 'voice' && call.state !== 'wrap_up') {
    return { ...look, Icon: CHANNEL_ICON[call.channel] };
  }
  const dialling = call.state === 'ringing' && call.direction === 'outbound';
  return dialling ? { ...look, Icon: IconPhoneOutgoing } : look;
}

/** The word for what goes on: nobody talks in an e-mail, and nothing tells when a call that is dialled by hand is answered. */
export function stateWord(call: CallView) {
  if (call.state === 'ringing') {
    if (call.channel !== 'voice') return 'offered';
    return call.direction === 'outbound' ? 'dialling' : 'ringing';
  }
  const isTold = call.channel === 'voice' && !call.by_hand;
  return call.state === 'talking' && !isTold ? 'handling' : call.state;
}

// What an agent is said to be doing when there are several calls: the one they speak in first.
const FOREMOST: readonly CallState[] = ['talking', 'ringing', 'hold', 'wrap_up'];

/** What the agent is doing and since when: the state of the foremost call, else of CTI itself. */
export function agentState(cti: Cti, calls: readonly CallView[]) {
  for (const state of FOREMOST) {
    const call = calls.findLast((one) => one.state === state);
    if (call) return { state, since: call.since };
  }
  return { state: cti.state, since: cti.since };
}
