import { Button } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallView, Uuid } from '../../../shared/api/types.ts';
import { NO_FILTER } from '../../../shared/live/resources.ts';
import { EmptyState } from '../../../shared/ui/EmptyState.tsx';
import { ProblemNote } from '../../../shared/ui/ProblemNote.tsx';
import { Waiting } from '../../../shared/ui/Waiting.tsx';
import { useShowsChanges, useShowsRequests } from '../../desk/layout.ts';
import { CustomerRequests } from '../../requests/components/CustomerRequests.tsx';
import { useJourney } from '../api.ts';
import { useCardChanges, withinReach } from '../cardChanges.ts';
import { isNarrowed } from '../filter.ts';
import { useJourneyFilter } from '../useJourneyFilter.ts';
import styles from './Journey.module.css';
import { JourneyFilters } from './JourneyFilters.tsx';
import { JourneyList } from './JourneyList.tsx';

/** Everything a customer ever talked to the centre about, newest first; above it, why. */
export function Journey({ customerId, call }: { customerId: Uuid; call: CallView | null }) {
  const { t } = useTranslation();
  const [filter, setFilter] = useJourneyFilter(customerId);
  const journey = useJourney(customerId, filter);
  const interactions = journey.data?.pages.flatMap((page) => page.items) ?? [];
  const [showsRequests, showRequests] = useShowsRequests();
  const told = journey.data?.pages.flatMap((page) => page.requests) ?? [];
  const milestones = showsRequests ? told : [];
  const narrowed = isNarrowed(filter);
  const [showsChanges, showChanges] = useShowsChanges();
  const withChanges = showsChanges && !narrowed;
  const known = useCardChanges(customerId, withChanges);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = known;
  const fetched = known.data?.pages.flatMap((page) => page.items) ?? [];
  const oldest = [interactions.at(-1)?.started_at, ...told.map((one) => one.at)]
    .filter((at) => at !== undefined)
    .reduce<string | undefined>((a, b) => (a && Date.parse(a) < Date.parse(b) ? a : b), undefined);
  const changes = withChanges ? withinReach(fetched, oldest, !journey.hasNextPage) : [];
  const count = interactions.length + changes.length + milestones.length;
  // All of those fetched are shown: there are more within reach.
  const wantsMore = withChanges && hasNextPage && changes.length === fetched.length;
  useEffect(() => {
    if (wantsMore && !isFetchingNextPage) void fetchNextPage();
  }, [wantsMore, isFetchingNextPage, fetchNextPage]);

  return (
    <section className={styles.journey} aria-label={t('journey.label')}>
      <CustomerRequests
        customerId={customerId}
        call={call}
        filter={filter.request}
        onFilter={(request) => setFilter({ ...filter, request })}
      />
      <JourneyFilters
        filter={filter}
        onChange={setFilter}
        changes={showsChanges}
        onChanges={showChanges}
        requests={showsRequests}
        onRequests={showRequests}
      />
      {journey.isPending && <Waiting lines={6} label={t('journey.loading')} />}
      {journey.error && interactions.length === 0 && (
        <div className={styles.problem}>
          <ProblemNote problem={journey.error} onRetry={() => void journey.refetch()} />
        </div>
      )}
      {known.error && withChanges && (
        <div className={styles.problem}>
          <ProblemNote problem={known.error} onRetry={() => void known.refetch()} />
        </div>
      )}
      {journey.isSuccess && count === 0 && (
        <EmptyState
          title={narrowed ? t('journey.noneFilteredTitle') : t('journey.emptyTitle')}
          text={narrowed ? t('journey.noneFilteredText') : t('journey.emptyText')}
        >
          {narrowed && (
            <Button mt={8} variant="default" onClick={() => setFilter(NO_FILTER)}>
              {t('filter.clear')}
            </Button>
          )}
        </EmptyState>
      )}
      {count > 0 && (
        <JourneyList
          interactions={interactions}
          changes={changes}
          milestones={milestones}
          expanded={filter.interaction !== null}
          more={journey.hasNextPage}
          loading={journey.isFetchingNextPage}
          problem={journey.error}
          onMore={() => void journey.fetchNextPage()}
        />
      )}
    </section>
  );
}
