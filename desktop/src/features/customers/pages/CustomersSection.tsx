import { Route, Switch } from 'wouter';
import { usePart } from '../../people/parts.ts';
import { useLeads } from '../../people/rights.ts';
import { DuplicatesPage } from '../merging/DuplicatesPage.tsx';
import { MergePage } from '../merging/MergePage.tsx';
import { CustomersPage } from './CustomersPage.tsx';
import { ImportPage } from './ImportPage.tsx';
import { OneImportPage } from './OneImportPage.tsx';

/** The pages under Customers. */
export function CustomersSection() {
  const mayImport = useLeads();
  const merges = usePart('merging');
  return (
    <Switch>
      {mayImport && (
        <Route path="/customers/import/:id">{({ id }) => <OneImportPage key={id} id={id} />}</Route>
      )}
      {mayImport && (
        <Route path="/customers/import">
          <ImportPage />
        </Route>
      )}
      {merges && (
        <Route path="/customers/duplicates">
          <DuplicatesPage />
        </Route>
      )}
      {merges && (
        <Route path="/customers/merge/:id/:otherId">
          {({ id, otherId }) => <MergePage id={id} otherId={otherId} />}
        </Route>
      )}
      <Route>
        <CustomersPage />
      </Route>
    </Switch>
  );
}
