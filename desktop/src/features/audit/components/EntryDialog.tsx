import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { differences } from '../../../shared/admin/history.ts';
import type { AuditEntry, Json } from '../../../shared/api/types.ts';
import { absoluteTime } from '../../../shared/format/time.ts';
import { Dialog } from '../../../shared/ui/Dialog.tsx';
import { useWords } from '../auditColumns.tsx';
import { isEmpty, nameOf, pageOf, shown } from '../look.ts';
import styles from './EntryDialog.module.css';

/** What an entry changed, value by value; what is no change of values (a report of an import) by itself. */
function rowsOf({ before, after }: AuditEntry) {
  const object = (value: Json): Json => (value === null ? {} : value);
  const found = differences(object(before), object(after)).filter(
    (one) => !isEmpty(one.before) || !isEmpty(one.after),
  );
  const neither = before === null && after === null;
  return found.length > 0 || neither ? found : [{ field: '', before, after }];
}

/** One entry whole: who, when, what, and each value before and after. */
export function EntryDialog({ entry, onClose }: { entry: AuditEntry; onClose(): void }) {
  const { t } = useTranslation();
  const words = useWords();
  const page = pageOf(entry);
  const name = nameOf(entry);
  const rows = rowsOf(entry);
  return (
    <Dialog opened onClose={onClose} title={words.action(entry.action)} size={760}>
      <dl className={styles.facts}>
        <dt>{t('audit.at')}</dt>
        <dd className="rd-figures">{absoluteTime(entry.at)}</dd>
        <dt>{t('audit.actor')}</dt>
        <dd>
          <bdi>{entry.actor}</bdi>
        </dd>
        <dt>{words.kind(entry.entity)}</dt>
        <dd>
          {name && (page ? <Link href={page}>{name}</Link> : <bdi>{name}</bdi>)}
          {!name && '–'}
        </dd>
        <dt>{t('audit.action')}</dt>
        <dd>
          <code>{entry.action}</code>
        </dd>
      </dl>
      {rows.length === 0 ? (
        <p className={styles.none}>{t('audit.noValues')}</p>
      ) : (
        <div className={styles.scroller}>
          <table className={styles.values}>
            <thead>
              <tr>
                <th scope="col">{t('audit.field')}</th>
                <th scope="col">{t('audit.before')}</th>
                <th scope="col">{t('audit.after')}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.field}>
                  <th scope="row">{row.field}</th>
                  <td className={styles.before}>{shown(row.before)}</td>
                  <td>{shown(row.after)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Dialog>
  );
}
