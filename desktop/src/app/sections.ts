import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import type { CommandId } from '../shared/keys/commands.ts';

export interface Section {
  path: string;
  label: 'section.desk' | 'section.customers' | 'section.requests' | 'section.administration';
  command: CommandId;
  roles: readonly string[];
  page: LazyExoticComponent<ComponentType>;
}

const loadDesk = () =>
  import('../features/desk/pages/DeskPage.tsx').then((module) => ({ default: module.DeskPage }));

/** The pages of the top bar, in its order. A section that does not exist yet is not here. */
export const SECTIONS: readonly Section[] = [
  {
    path: '/desk',
    label: 'section.desk',
    command: 'go.desk',
    roles: ['agent', 'supervisor', 'administrator'],
    page: lazy(loadDesk),
  },
  {
    path: '/customers',
    label: 'section.customers',
    command: 'go.customers',
    roles: ['agent', 'supervisor', 'administrator'],
    page: lazy(() =>
      import('../features/customers/pages/CustomersSection.tsx').then((module) => ({
        default: module.CustomersSection,
      })),
    ),
  },
  {
    path: '/requests',
    label: 'section.requests',
    command: 'go.requests',
    roles: ['agent', 'supervisor', 'administrator'],
    page: lazy(() =>
      import('../features/requests/pages/RequestsSection.tsx').then((module) => ({
        default: module.RequestsSection,
      })),
    ),
  },
  {
    path: '/administration',
    label: 'section.administration',
    command: 'go.administration',
    roles: ['administrator'],
    page: lazy(() =>
      import('./AdministrationSection.tsx').then((module) => ({
        default: module.AdministrationSection,
      })),
    ),
  },
];

/** Fetches the desk's code before the first call needs it: a pop must not wait for a download. */
export function preloadDesk(): void {
  void loadDesk();
}

export function sectionsFor(roles: readonly string[]): readonly Section[] {
  return SECTIONS.filter((section) => section.roles.some((role) => roles.includes(role)));
}
