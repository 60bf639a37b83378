import { Drawer } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { CardPane } from '../components/CardPane.tsx';
import { CloseDialog } from '../components/CloseDialog.tsx';
import { CustomersPanel } from '../components/CustomersPanel.tsx';
import { Divider } from '../components/Divider.tsx';
import { MiddlePane } from '../components/MiddlePane.tsx';
import { type PaneName, PaneTabs } from '../components/PaneTabs.tsx';
import { changeLayout, PANE, useLayout } from '../layout.ts';
import { useSelection } from '../selection.ts';
import { useDeskCommands } from '../useDeskCommands.ts';
import { useRoom } from '../useWidth.ts';
import styles from './DeskPage.module.css';

/** The agent's desk: open customers, the journey, the card. */
export function DeskPage() {
  const { t } = useTranslation();
  const [path] = useLocation();
  const room = useRoom();
  const layout = useLayout();
  const selection = useSelection();
  const [drawer, setDrawer] = useState(false);
  const [tab, setTab] = useState<PaneName>('middle');
  useDeskCommands({ showCard: () => (room === 'tabs' ? setTab('card') : setDrawer(true)) });
  // Another customer comes to the front with its journey, whatever pane was looked at before.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the path is the trigger
  useEffect(() => {
    setTab('middle');
    setDrawer(false);
  }, [path]);

  const folded = room !== 'wide' || !layout.leftOpen;
  const left = (
    <CustomersPanel folded={room === 'tabs' ? false : folded} canFold={room === 'wide'}>
      {!folded && room === 'wide' && (
        <Divider
          side="end"
          label={t('desk.resizeLeft')}
          controls="pane-left"
          value={layout.left}
          {...PANE.left}
          onChange={(width) => changeLayout({ left: width })}
        />
      )}
    </CustomersPanel>
  );
  const hasCard = selection.kind !== 'none';

  if (room === 'tabs') {
    return (
      <div className={styles.tabs}>
        <PaneTabs value={tab} onChange={setTab} card={hasCard} />
        <div className={styles.tabPane}>
          {tab === 'customers' && left}
          {tab === 'middle' && <MiddlePane selection={selection} withForm />}
          {tab === 'card' && <CardPane selection={selection} />}
        </div>
        <CloseDialog />
      </div>
    );
  }

  const leftWidth = folded ? '48px' : `${layout.left}px`;
  const rightWidth = layout.rightOpen ? `${layout.right}px` : '40px';
  const columns =
    room === 'drawer' ? `${leftWidth} minmax(0, 1fr)` : `${leftWidth} minmax(0, 1fr) ${rightWidth}`;
  return (
    <div className={styles.desk} style={{ gridTemplateColumns: columns }}>
      {left}
      <MiddlePane
        selection={selection}
        withForm={room === 'drawer'}
        {...(room === 'drawer' && hasCard && { onShowCard: () => setDrawer(true) })}
      />
      {room !== 'drawer' && (
        <CardPane selection={selection} collapsible>
          {layout.rightOpen && (
            <Divider
              side="start"
              label={t('desk.resizeRight')}
              controls="pane-right"
              value={layout.right}
              {...PANE.right}
              onChange={(width) => changeLayout({ right: width })}
            />
          )}
        </CardPane>
      )}
      {room === 'drawer' && (
        <Drawer.Root opened={drawer} onClose={() => setDrawer(false)} position="right" size={400}>
          <Drawer.Overlay />
          <Drawer.Content aria-label={t('card.title')}>
            <div className={styles.drawerHead}>
              <Drawer.CloseButton aria-label={t('common.close')} />
            </div>
            <CardPane selection={selection} />
          </Drawer.Content>
        </Drawer.Root>
      )}
      <CloseDialog />
    </div>
  );
}
