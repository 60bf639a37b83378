import type { Activity, Comment, JourneyPage, Uuid } from '../../shared/api/types.ts';

function changeActivity(
  pages: JourneyPage[],
  id: Uuid,
  change: (activity: Activity) => Activity,
): JourneyPage[] {
  const has = (page: JourneyPage) =>
    page.items.some((one) => one.activities.some((activity) => activity.id === id));
  if (!pages.some(has)) return pages;
  return pages.map((page) => ({
    ...page,
    items: page.items.map((one) => ({
      ...one,
      activities: one.activities.map((activity) =>
        activity.id === id ? change(activity) : activity,
      ),
    })),
  }));
}

/** Shows one's own comment at once; the event about it, before or after, adds nothing. */
export function putCommentOn(pages: JourneyPage[], activityId: Uuid, comment: Comment) {
  return changeActivity(pages, activityId, (activity) =>
    activity.comments.some((one) => one.id === comment.id)
      ? activity
      : { ...activity, comments: [...activity.comments, comment] },
  );
}

/** Shows an activity as the server answered it. */
export function putActivityIn(pages: JourneyPage[], activity: Activity) {
  return changeActivity(pages, activity.id, (known) => ({
    ...activity,
    comments: activity.comments.length > 0 ? activity.comments : known.comments,
  }));
}
