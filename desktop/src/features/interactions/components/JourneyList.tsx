import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiProblem } from '../../../shared/api/problem.ts';
import type { CardChange, Interaction, RequestMilestone, Uuid } from '../../../shared/api/types.ts';
import { useMinutes } from '../../../shared/format/clock.ts';
import { useCommand } from '../../../shared/keys/useCommand.ts';
import { ProblemNote } from '../../../shared/ui/ProblemNote.tsx';
import { Waiting } from '../../../shared/ui/Waiting.tsx';
import { MoveDialog } from '../../requests/components/MoveDialog.tsx';
import { journeyLines } from '../groups.ts';
import { ChangeItem } from './ChangeItem.tsx';
import { InteractionItem } from './InteractionItem.tsx';
import styles from './JourneyList.module.css';
import { MilestoneItem } from './MilestoneItem.tsx';

interface Props {
  interactions: readonly Interaction[];
  /** What was done to the card, to stand among them. */
  changes?: readonly CardChange[];
  /** When requests were opened and closed, to stand among them. */
  milestones?: readonly RequestMilestone[];
  /** Whether they show their inside without being asked to. */
  expanded?: boolean;
  more: boolean;
  loading: boolean;
  problem: ApiProblem | null;
  onMore: () => void;
}

const NONE: readonly never[] = [];

// Heights before a line is measured; close guesses keep the scroll bar from jumping.
const HEADING_PX = 36;
const ITEM_PX = 45;
const CHANGE_PX = 31;
// The next page is asked for when this few lines are left, so that scrolling seldom waits.
const AHEAD = 12;

/** The lines of a journey; only those in view exist, however long the history. */
export function JourneyList(props: Props) {
  const { interactions, changes = NONE, milestones = NONE, expanded = false } = props;
  const { more, loading, problem, onMore } = props;
  const { t } = useTranslation();
  const now = useMinutes();
  const scroller = useRef<HTMLDivElement>(null);
  const [toggled, setToggled] = useState<Readonly<Record<Uuid, boolean>>>({});
  const lines = useMemo(
    () => journeyLines(interactions, changes, milestones, now),
    [interactions, changes, milestones, now],
  );
  const heights = {
    heading: HEADING_PX,
    interaction: ITEM_PX,
    change: CHANGE_PX,
    milestone: CHANGE_PX,
  };
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => heights[lines[index]?.kind ?? 'interaction'],
    getItemKey: (index) => lines[index]?.key ?? index,
    overscan: 8,
  });
  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && !loading && !problem && last >= lines.length - AHEAD) onMore();
  }, [more, loading, problem, last, lines.length, onMore]);

  const [moving, setMoving] = useState<Interaction | null>(null);
  useCommand('interaction.move', () => {
    const focused = document.activeElement?.closest<HTMLElement>('[data-interaction]');
    const found = interactions.find((one) => one.id === focused?.dataset.interaction);
    if (found) setMoving(found);
  });

  const isOpen = (one: Interaction) => toggled[one.id] ?? (expanded || one.state === 'in_progress');
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
    const target = event.target as HTMLElement;
    if (step === undefined || !target.matches('[data-line]')) return;
    event.preventDefault();
    event.stopPropagation();
    let index = Number(target.dataset.line) + step;
    while (lines[index]?.kind === 'heading') index += step;
    if (index < 0 || index >= lines.length) return;
    virtual.scrollToIndex(index, { align: 'auto' });
    requestAnimationFrame(() => {
      scroller.current?.querySelector<HTMLElement>(`[data-line="${index}"]`)?.focus();
    });
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: J and K move the focus among the buttons inside
    <div ref={scroller} className={styles.scroll} onKeyDown={onKeyDown}>
      <ol
        className={styles.list}
        style={{ height: virtual.getTotalSize() }}
        aria-label={t('journey.label')}
      >
        {shown.map(({ index, key, start }) => {
          const line = lines[index];
          if (!line) return null;
          return (
            <li
              key={key}
              ref={virtual.measureElement}
              data-index={index}
              className={styles.line}
              style={{ transform: `translateY(${start}px)` }}
            >
              {line.kind === 'heading' && <h2 className={styles.heading}>{line.label}</h2>}
              {line.kind === 'change' && <ChangeItem change={line.change} line={index} />}
              {line.kind === 'milestone' && (
                <MilestoneItem milestone={line.milestone} line={index} />
              )}
              {line.kind === 'interaction' && (
                <InteractionItem
                  interaction={line.interaction}
                  line={index}
                  open={isOpen(line.interaction)}
                  onMove={() => setMoving(line.interaction)}
                  onToggle={(open) =>
                    setToggled((known) => ({ ...known, [line.interaction.id]: open }))
                  }
                />
              )}
            </li>
          );
        })}
      </ol>
      {moving?.customer_id && (
        <MoveDialog
          opened
          onClose={() => setMoving(null)}
          interaction={moving}
          customerId={moving.customer_id}
        />
      )}
      {loading && <Waiting lines={3} label={t('journey.loading')} />}
      {problem && (
        <div className={styles.problem}>
          <ProblemNote problem={problem} onRetry={onMore} />
        </div>
      )}
      {!more && !loading && (
        <p className={styles.end}>{t('journey.end', { count: interactions.length })}</p>
      )}
    </div>
  );
}
