import { Route, Switch } from 'wouter';
import { InteractionPage } from './InteractionPage.tsx';
import { InteractionsPage } from './InteractionsPage.tsx';

/** The pages under Interactions. */
export function InteractionsSection() {
  return (
    <Switch>
      <Route path="/interactions/:id">{({ id }) => <InteractionPage key={id} id={id} />}</Route>
      <Route>
        <InteractionsPage />
      </Route>
    </Switch>
  );
}
