import {
  IconBell,
  IconHeadset,
  IconMail,
  IconMessage,
  IconMessages,
  IconPencil,
  IconPhone,
  IconRobot,
  IconSpeakerphone,
  IconUsers,
  IconVideo,
  IconWorld,
} from '@tabler/icons-react';
import type { Activity, Channel, Interaction, WrapUp } from '../../shared/api/types.ts';

export const CHANNEL_ICON: Record<Channel, typeof IconPhone> = {
  voice: IconPhone,
  email: IconMail,
  chat: IconMessages,
  sms: IconMessage,
  social: IconUsers,
  video: IconVideo,
  web: IconWorld,
  event: IconBell,
};

export const ACTIVITY_ICON: Record<Activity['kind'], typeof IconPhone> = {
  ivr: IconRobot,
  agent: IconHeadset,
  message: IconMessage,
  wrap_up: IconPencil,
  campaign_attempt: IconSpeakerphone,
};

/** The outcomes of an interaction for its bar: of each leg the last one applied, each code once. */
export function outcomes(interaction: Interaction): WrapUp[] {
  const last = interaction.activities.flatMap((activity) => currentWrapUp(activity) ?? []);
  return last.filter((one, index) => last.findIndex((other) => other.code === one.code) === index);
}

/** The wrap-up that stands for a leg: the last applied; an inherited one only if there is no own. */
export function currentWrapUp(activity: Activity): WrapUp | undefined {
  const byTime = activity.wrap_ups.toSorted((a, b) => a.applied_at.localeCompare(b.applied_at));
  return byTime.findLast((one) => !one.inherited) ?? byTime.at(-1);
}

/** The agents of an interaction in the order in which they joined, each once. */
export function agentNames(interaction: Interaction): string[] {
  return [...new Set(interaction.activities.flatMap((activity) => activity.agent_name ?? []))];
}
