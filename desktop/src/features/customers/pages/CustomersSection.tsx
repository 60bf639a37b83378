import { Route, Switch } from 'wouter';
import { useMayImport } from '../../people/rights.ts';
import { CustomersPage } from './CustomersPage.tsx';
import { ImportPage } from './ImportPage.tsx';
import { OneImportPage } from './OneImportPage.tsx';

/** The pages under Customers. */
export function CustomersSection() {
  const mayImport = useMayImport();
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
      <Route>
        <CustomersPage />
      </Route>
    </Switch>
  );
}
