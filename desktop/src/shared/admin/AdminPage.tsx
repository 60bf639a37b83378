import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useRoute } from 'wouter';
import type { ApiProblem } from '../api/problem.ts';
import { useCommand } from '../keys/useCommand.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { Waiting } from '../ui/Waiting.tsx';
import { type AdminItem, AdminList } from './AdminList.tsx';
import styles from './AdminPage.module.css';
import { History, type HistoryWords } from './History.tsx';
import { useUnsavedForms } from './useForm.ts';

interface Props {
  title: string;
  /** What a change here does, in a sentence or two. */
  affects: string;
  /** The page's address; `/ID` behind it is the one that is open, `/+` a new one. */
  path: string;
  /** The kind's name in the audit trail, and before the slash in the names of its forms. */
  entity: string;
  words: HistoryWords;
  /** Undefined while they are loaded. */
  items: readonly AdminItem[] | undefined;
  problem?: ApiProblem | null;
  onRetry?: () => void;
  /** What the button says that adds one; without it they are always the same ones. */
  add?: string;
  onOrder?: (ids: readonly string[]) => void;
  /** The form of one of them; null: of a new one. */
  form: (id: string | null) => ReactNode;
}

const NEW = '+';

/** The frame of every page of administration: list left, form right, what it affects, the history below. */
export function AdminPage(props: Props) {
  const { title, affects, path, entity, words, items, problem, onRetry, add, onOrder, form } =
    props;
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const [, params] = useRoute(`${path}/:id`);
  const open = params?.id === undefined ? null : decodeURIComponent(params.id);
  const unsaved = useUnsavedForms()
    .filter((name) => name.startsWith(`${entity}/`))
    .map((name) => name.slice(entity.length + 1));
  const begin = () => navigate(`${path}/${NEW}`);
  useCommand('admin.add', begin, add !== undefined);
  const known = open !== null && items?.some((one) => one.id === open);

  return (
    <main className={styles.page}>
      <section className={styles.left} aria-label={title}>
        <div className={styles.head}>
          <h1 className={styles.title}>{title}</h1>
          {add !== undefined && (
            <Button
              variant="default"
              leftSection={<IconPlus size={14} aria-hidden />}
              onClick={begin}
            >
              {add}
            </Button>
          )}
        </div>
        {problem && <ProblemNote problem={problem} {...(onRetry && { onRetry })} />}
        {!items && !problem && <Waiting lines={6} label={t('admin.loading')} />}
        {items?.length === 0 && <EmptyState title={t('admin.none')} text={t('admin.noneText')} />}
        {items && (
          <AdminList
            label={title}
            items={items}
            path={path}
            current={open}
            unsaved={unsaved}
            onOrder={onOrder}
          />
        )}
      </section>
      <section className={styles.right} aria-label={t('admin.details')}>
        <p className={styles.affects}>{affects}</p>
        {open === NEW && <div key={NEW}>{form(null)}</div>}
        {known && <div key={open}>{form(open)}</div>}
        {open === null && items && (
          <EmptyState
            title={t('admin.choose')}
            text={add ? t('admin.chooseText') : t('admin.chooseOne')}
          />
        )}
        {open !== null && open !== NEW && items && !known && (
          <EmptyState title={t('admin.gone')} text={t('admin.goneText')} />
        )}
        {open !== NEW && items && (
          <History
            entity={entity}
            id={open}
            words={words}
            nameOf={(id) => items.find((one) => one.id === id)?.label}
            stamp={items}
          />
        )}
      </section>
    </main>
  );
}
