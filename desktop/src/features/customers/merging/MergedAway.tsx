import { Button } from '@mantine/core';
import { IconArrowMerge } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { Uuid } from '../../../shared/api/types.ts';
import { customerPath } from '../../desk/selection.ts';
import { followMerge, useWentInto } from './live.ts';
import styles from './merging.module.css';

/** The card was merged while somebody types in it: it stays until they go on, with everything typed. */
export function MergedAway({ id }: { id: Uuid }) {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const into = useWentInto(id);
  if (!into) return null;
  return (
    <div role="status" className={styles.away}>
      <IconArrowMerge size={16} aria-hidden />
      <p>{t('merge.away', { name: into.name, by: into.byName })}</p>
      <Button
        size="compact-sm"
        onClick={() => {
          followMerge(id);
          navigate(customerPath(into.id), { replace: true });
        }}
      >
        {t('merge.follow')}
      </Button>
    </div>
  );
}
