import { useTranslation } from 'react-i18next';
import { Link, Redirect, Route, Switch, useLocation } from 'wouter';
import { AuditPage } from '../features/audit/pages/AuditPage.tsx';
import { AttributesPage } from '../features/customers/pages/AttributesPage.tsx';
import { ErasuresPage } from '../features/customers/pages/ErasuresPage.tsx';
import { FieldSetsPage } from '../features/interactions/pages/FieldSetsPage.tsx';
import { RecordingSourcesPage } from '../features/interactions/pages/RecordingSourcesPage.tsx';
import { WrapUpCodesPage } from '../features/interactions/pages/WrapUpCodesPage.tsx';
import { AccountsPage } from '../features/people/pages/AccountsPage.tsx';
import { TeamsPage } from '../features/people/pages/TeamsPage.tsx';
import { RequestPoliciesPage } from '../features/requests/pages/RequestPoliciesPage.tsx';
import { RequestTypesPage } from '../features/requests/pages/RequestTypesPage.tsx';
import styles from './AdministrationSection.module.css';

const PAGES = [
  { path: '/administration/users', label: 'users.title', Page: AccountsPage },
  { path: '/administration/teams', label: 'teams.title', Page: TeamsPage },
  { path: '/administration/customer-fields', label: 'attributes.title', Page: AttributesPage },
  { path: '/administration/request-types', label: 'requestTypes.title', Page: RequestTypesPage },
  { path: '/administration/field-sets', label: 'fieldSets.title', Page: FieldSetsPage },
  {
    path: '/administration/request-policies',
    label: 'policies.title',
    Page: RequestPoliciesPage,
  },
  { path: '/administration/wrap-up-codes', label: 'codes.title', Page: WrapUpCodesPage },
  {
    path: '/administration/recordings',
    label: 'recordingSources.title',
    Page: RecordingSourcesPage,
  },
  { path: '/administration/erasures', label: 'erasures.title', Page: ErasuresPage },
  { path: '/administration/audit', label: 'audit.title', Page: AuditPage },
] as const;

/** The pages of administrators, each in the same frame. */
export function AdministrationSection() {
  const { t } = useTranslation();
  const [location] = useLocation();
  return (
    <div className={styles.section}>
      <nav className={styles.pages} aria-label={t('section.administration')}>
        {PAGES.map(({ path, label }) => (
          <Link
            key={path}
            href={path}
            className={styles.link ?? ''}
            aria-current={location.startsWith(path) ? 'page' : undefined}
          >
            {t(label)}
          </Link>
        ))}
      </nav>
      <Switch>
        {PAGES.map(({ path, Page }) => (
          <Route key={path} path={`${path}/*?`}>
            <Page />
          </Route>
        ))}
        <Route>
          <Redirect to={PAGES[0].path} replace />
        </Route>
      </Switch>
    </div>
  );
}
