import { IconMessage2 } from '@tabler/icons-react';
import type { Comment, Uuid } from '../../../shared/api/types.ts';
import { useTouched } from '../../../shared/live/live.ts';
import { LinkedText } from '../../../shared/ui/LinkedText.tsx';
import { RelativeTime } from '../../../shared/ui/RelativeTime.tsx';
import styles from './Comments.module.css';

/** What was remarked about an activity; once written it stands (product.md 3.5). */
export function Comments({
  activityId,
  comments,
}: {
  activityId: Uuid;
  comments: readonly Comment[];
}) {
  const touched = useTouched(`activity/${activityId}`);
  if (comments.length === 0) return null;
  const latest = comments.at(-1);
  return (
    <ul className={styles.comments}>
      {comments.map((comment) => (
        <li
          key={comment.id}
          className={styles.comment}
          data-touched={(touched > 0 && comment === latest) || undefined}
        >
          <IconMessage2 size={14} aria-hidden className={styles.icon} />
          <div>
            <p className={styles.by}>
              <bdi className={styles.author}>{comment.author_name}</bdi>{' '}
              <RelativeTime at={comment.at} />
            </p>
            <LinkedText text={comment.text} />
          </div>
        </li>
      ))}
    </ul>
  );
}
