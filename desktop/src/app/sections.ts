import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import type { Me, Part } from '../shared/api/types.ts';
import type { CommandId } from '../shared/keys/commands.ts';

export interface Section {
  path: string;
  label:
    | 'section.desk'
    | 'section.customers'
    | 'section.requests'
    | 'section.interactions'
    | 'section.administration';
  command: CommandId;
  roles: readonly string[];
  /** The part of the desktop that it belongs to, if teams may work without it (product.md 4.8). */
  part?: Part;
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
    path: '/interactions',
    label: 'section.interactions',
    command: 'go.interactions',
    roles: ['agent', 'supervisor', 'administrator'],
    part: 'journey',
    page: lazy(() =>
      import('../features/interactions/pages/InteractionsSection.tsx').then((module) => ({
        default: module.InteractionsSection,
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

/** The sections of a person: those of their roles, without what their team works without. */
export function sectionsFor({ roles, switched_off }: Me): readonly Section[] {
  return SECTIONS.filter(
    (section) =>
      section.roles.some((role) => roles.includes(role)) &&
      !(section.part && switched_off.includes(section.part)),
  );
}
