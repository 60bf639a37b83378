import type { CardChange, Interaction, RequestMilestone } from '../../shared/api/types.ts';
import { dayGroup } from '../../shared/format/time.ts';
import { milestoneKey } from '../../shared/live/milestones.ts';

/** What the time line draws: a heading per stretch of time, and under it the interactions what was done to the card, and when requests were opened and closed. */
export type JourneyLine =
  | { kind: 'heading'; key: string; label: string }
  | { kind: 'change'; key: string; change: CardChange }
  | { kind: 'milestone'; key: string; milestone: RequestMilestone }
  | { kind: 'interaction'; key: string; interaction: Interaction };

/** The lines of a journey, newest first as given. */
export function journeyLines(
  interactions: readonly Interaction[],
  changes: readonly CardChange[],
  milestones: readonly RequestMilestone[],
  now: number,
): JourneyLine[] {
  const all = [
    ...interactions.map((interaction) => ({ at: interaction.started_at, interaction })),
    ...changes.map((change) => ({ at: change.at, change })),
    ...milestones.map((milestone) => ({ at: milestone.at, milestone })),
  ];
  // Each comes newest first: only where there are several is there anything to put in order.
  if (changes.length + milestones.length > 0)
    all.sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  const lines: JourneyLine[] = [];
  let group = '';
  for (const one of all) {
    const { key, label } = dayGroup(one.at, now);
    if (key !== group) lines.push({ kind: 'heading', key, label });
    group = key;
    if ('interaction' in one) {
      lines.push({
        kind: 'interaction',
        key: one.interaction.id,
        interaction: one.interaction,
      });
    } else if ('milestone' in one) {
      const { milestone } = one;
      lines.push({ kind: 'milestone', key: milestoneKey(milestone), milestone });
    } else lines.push({ kind: 'change', key: one.change.id, change: one.change });
  }
  return lines;
}
