import { ActionIcon, Menu } from '@mantine/core';
import { IconArrowMerge, IconDots, IconFileExport, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Uuid } from '../../../shared/api/types.ts';
import { useCommand } from '../../../shared/keys/useCommand.ts';
import { usePart } from '../../people/parts.ts';
import { useAdministers, useLeads } from '../../people/rights.ts';
import { MergeSearchDialog } from '../merging/MergeSearchDialog.tsx';
import { EraseDialog } from './EraseDialog.tsx';
import { HandOverDialog } from './HandOverDialog.tsx';

interface Props {
  customer: { id: Uuid; number: number; display_name: string };
}

/** What may be done with everything about one customer, by whom it may. */
export function PersonMenu({ customer }: Props) {
  const { t } = useTranslation();
  const leads = useLeads();
  const administers = useAdministers();
  const [open, setOpen] = useState<'merge' | 'hand-over' | 'erase' | null>(null);
  const merges = usePart('merging');
  useCommand('customer.merge', () => setOpen('merge'), merges);
  if (!leads && !merges) return null;
  const close = () => setOpen(null);
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size={28} aria-label={t('erasure.menu')}>
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {merges && (
            <Menu.Item
              leftSection={<IconArrowMerge size={16} aria-hidden />}
              onClick={() => setOpen('merge')}
            >
              {t('merge.withOther')}
            </Menu.Item>
          )}
          {leads && (
            <Menu.Item
              leftSection={<IconFileExport size={16} aria-hidden />}
              onClick={() => setOpen('hand-over')}
            >
              {t('erasure.handOver')}
            </Menu.Item>
          )}
          {administers && (
            <Menu.Item
              color="red"
              leftSection={<IconTrash size={16} aria-hidden />}
              onClick={() => setOpen('erase')}
            >
              {t('erasure.erase')}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <MergeSearchDialog customer={customer} opened={open === 'merge'} onClose={close} />
      <HandOverDialog customer={customer} opened={open === 'hand-over'} onClose={close} />
      <EraseDialog customer={customer} opened={open === 'erase'} onClose={close} />
    </>
  );
}
