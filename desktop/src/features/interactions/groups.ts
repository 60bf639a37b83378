import type { Interaction } from '../../shared/api/types.ts';
import { dayGroup } from '../../shared/format/time.ts';

/** What the time line draws: a heading per stretch of time, and the interactions under it. */
export type JourneyLine =
  | { kind: 'heading'; key: string; label: string }
  | { kind: 'interaction'; key: string; interaction: Interaction; index: number };

/** The lines of a journey, newest first as given. */
export function journeyLines(interactions: readonly Interaction[], now: number): JourneyLine[] {
  const lines: JourneyLine[] = [];
  let group = '';
  interactions.forEach((interaction, index) => {
    const { key, label } = dayGroup(interaction.started_at, now);
    if (key !== group) lines.push({ kind: 'heading', key, label });
    group = key;
    lines.push({ kind: 'interaction', key: interaction.id, interaction, index });
  });
  return lines;
}
