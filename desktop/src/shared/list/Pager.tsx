import { ActionIcon, Select, TextInput } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './list.module.css';
import { PAGE_SIZES } from './listQuery.ts';
import { hasNext, pageCount, pageFrom } from './paging.ts';

interface Props {
  page: number;
  pageSize: number;
  shown: number;
  total: number;
  estimated: boolean;
  onPage(page: number): void;
  onPageSize(size: number): void;
}

/** The page shown, and by its number any other. */
function PageField({
  page,
  pages,
  onPage,
}: {
  page: number;
  pages: number;
  onPage: Props['onPage'];
}) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(String(page));
  const go = () => {
    const wanted = pageFrom(typed, pages);
    if (wanted === null) setTyped(String(page));
    else if (wanted !== page) onPage(wanted);
    else setTyped(String(page));
  };
  return (
    <TextInput
      className={styles.pageField ?? ''}
      aria-label={t('list.page')}
      inputMode="numeric"
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={go}
      onKeyDown={(event) => {
        if (event.key === 'Enter') go();
        if (event.key === 'Escape') setTyped(String(page));
      }}
    />
  );
}

/** Which rows are shown, of how many, and the way to the others. */
export function Pager({ page, pageSize, shown, total, estimated, onPage, onPageSize }: Props) {
  const { t } = useTranslation();
  const first = (page - 1) * pageSize + 1;
  const last = (page - 1) * pageSize + shown;
  const pages = pageCount(total, pageSize);
  return (
    <nav className={styles.pager} aria-label={t('list.pages')}>
      <span className={`rd-figures ${styles.range ?? ''}`} role="status">
        {shown > 0 && t(estimated ? 'list.rangeAbout' : 'list.range', { first, last, total })}
      </span>
      <Select
        aria-label={t('list.pageSize')}
        w={132}
        data={PAGE_SIZES.map((size) => ({
          value: String(size),
          label: t('list.rows', { count: size }),
        }))}
        value={String(pageSize)}
        onChange={(next) => next && onPageSize(Number(next))}
        allowDeselect={false}
      />
      <ActionIcon
        className={styles.turn ?? ''}
        aria-label={t('list.previousPage')}
        disabled={page <= 1}
        onClick={() => onPage(page - 1)}
      >
        <IconChevronLeft size={16} aria-hidden />
      </ActionIcon>
      <PageField key={page} page={page} pages={pages} onPage={onPage} />
      <span className="rd-figures">
        {estimated ? t('list.ofPagesAbout', { pages }) : t('list.ofPages', { pages })}
      </span>
      <ActionIcon
        className={styles.turn ?? ''}
        aria-label={t('list.nextPage')}
        disabled={!hasNext({ page, pageSize, shown, total, estimated })}
        onClick={() => onPage(page + 1)}
      >
        <IconChevronRight size={16} aria-hidden />
      </ActionIcon>
    </nav>
  );
}
