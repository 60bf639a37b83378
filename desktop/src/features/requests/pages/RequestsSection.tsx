import { Route, Switch } from 'wouter';
import { RequestPage } from './RequestPage.tsx';
import { RequestsPage } from './RequestsPage.tsx';

/** The pages under Requests. */
export function RequestsSection() {
  return (
    <Switch>
      <Route path="/requests/:id">{({ id }) => <RequestPage key={id} id={id} />}</Route>
      <Route>
        <RequestsPage />
      </Route>
    </Switch>
  );
}
