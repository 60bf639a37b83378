import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditEntry } from '../../../shared/api/types.ts';
import { ListPage } from '../../../shared/list/ListPage.tsx';
import { useAuditColumns } from '../auditColumns.tsx';
import { EntryDialog } from '../components/EntryDialog.tsx';
import { useAuditList } from '../useAuditList.ts';

/** Who changed or read what; Enter shows an entry whole. */
export function AuditPage() {
  const { t } = useTranslation();
  const [open, setOpen] = useState<AuditEntry | null>(null);
  return (
    <>
      <ListPage
        path="/administration/audit"
        source="/audit"
        name="audit"
        title={t('audit.title')}
        search={t('audit.search')}
        empty={{ title: t('audit.none'), text: t('audit.noneText') }}
        none={{ title: t('audit.noneFound'), text: t('audit.noneFoundText') }}
        columns={useAuditColumns()}
        useRows={useAuditList}
        onOpen={setOpen}
      />
      {open && <EntryDialog entry={open} onClose={() => setOpen(null)} />}
    </>
  );
}
