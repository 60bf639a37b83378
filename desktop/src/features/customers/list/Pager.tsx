import { ActionIcon, Select } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import styles from './list.module.css';
import { PAGE_SIZES } from './listQuery.ts';

interface Props {
  page: number;
  pageSize: number;
  shown: number;
  total: number;
  estimated: boolean;
  onPage(page: number): void;
  onPageSize(size: number): void;
}

/** Which rows are shown, of how many, and the way to the others. */
export function Pager({ page, pageSize, shown, total, estimated, onPage, onPageSize }: Props) {
  const { t } = useTranslation();
  const first = shown === 0 ? 0 : (page - 1) * pageSize + 1;
  const last = (page - 1) * pageSize + shown;
  const more = shown === pageSize && (estimated || last < total);
  return (
    <nav className={styles.pager} aria-label={t('list.pages')}>
      <span className="rd-figures" role="status">
        {estimated
          ? t('list.rangeAbout', { first, last, total })
          : t('list.range', { first, last, total })}
      </span>
      <ActionIcon
        aria-label={t('list.previousPage')}
        disabled={page <= 1}
        onClick={() => onPage(page - 1)}
      >
        <IconChevronLeft size={16} aria-hidden />
      </ActionIcon>
      <ActionIcon aria-label={t('list.nextPage')} disabled={!more} onClick={() => onPage(page + 1)}>
        <IconChevronRight size={16} aria-hidden />
      </ActionIcon>
      <Select
        aria-label={t('list.pageSize')}
        w={84}
        data={PAGE_SIZES.map(String)}
        value={String(pageSize)}
        onChange={(next) => next && onPageSize(Number(next))}
        allowDeselect={false}
      />
    </nav>
  );
}
