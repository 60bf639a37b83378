import { Drawer } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { usePart } from '../../people/parts.ts';
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

  // What the team works without leaves no hole: without a journey the card takes its place.
  const journey = usePart('journey');
  const card = usePart('card') && journey;
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
  const hasCard = card && selection.kind !== 'none';

  if (room === 'tabs') {
    const shownTab = !journey || (tab === 'card' && !card) ? 'middle' : tab;
    return (
      <div className={styles.tabs}>
        {journey && <PaneTabs value={shownTab} onChange={setTab} card={card} usable={hasCard} />}
        <div className={styles.tabPane}>
          {shownTab === 'customers' && left}
          {shownTab === 'middle' && <MiddlePane selection={selection} withForm />}
          {shownTab === 'card' && <CardPane selection={selection} />}
        </div>
        <CloseDialog />
      </div>
    );
  }

  const leftWidth = folded ? '48px' : `${layout.left}px`;
  const rightWidth = layout.rightOpen ? `${layout.right}px` : '40px';
  const columns = [
    ...(journey ? [leftWidth] : []),
    'minmax(0, 1fr)',
    ...(card && room !== 'drawer' ? [rightWidth] : []),
  ].join(' ');
  return (
    <div className={styles.desk} style={{ gridTemplateColumns: columns }}>
      {journey && left}
      <MiddlePane
        selection={selection}
        withForm={room === 'drawer' || !card}
        {...(room === 'drawer' && hasCard && { onShowCard: () => setDrawer(true) })}
      />
      {room !== 'drawer' && card && (
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
      {room === 'drawer' && card && (
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
