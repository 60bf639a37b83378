import { useMantineColorScheme } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Suspense, useEffect, useRef } from 'react';
import { Redirect, Route, Switch, useLocation } from 'wouter';
import { useAllAttributes } from '../features/customers/attributes.ts';
import { anythingUnsaved, draftStore } from '../features/customers/drafts.ts';
import { startCustomersLive } from '../features/customers/live.ts';
import { startMergesLive } from '../features/customers/merging/live.ts';
import { startErasuresLive } from '../features/customers/privacy/api.ts';
import { LiveRegion } from '../features/desk/components/LiveRegion.tsx';
import { loadLayout } from '../features/desk/layout.ts';
import { usePops } from '../features/desk/usePops.ts';
import { startJourneysLive } from '../features/interactions/live.ts';
import { CallBar } from '../features/telephony/components/CallBar.tsx';
import { anyFormUnsaved } from '../shared/admin/useForm.ts';
import type { Me } from '../shared/api/types.ts';
import { loadPhoneFormats } from '../shared/format/phone.ts';
import { isLanguage, setLanguage } from '../shared/i18n/i18n.ts';
import { singleKeysStore, useShortcuts } from '../shared/keys/useCommand.ts';
import { liveStore, startLive, useDesk } from '../shared/live/live.ts';
import { useStore } from '../shared/store/store.ts';
import { ErrorBoundary } from '../shared/ui/ErrorBoundary.tsx';
import { FullPage } from '../shared/ui/FullPage.tsx';
import { Notices } from '../shared/ui/Notices.tsx';
import { ProblemNote } from '../shared/ui/ProblemNote.tsx';
import { KeyMap } from './KeyMap.tsx';
import { Palette } from './Palette.tsx';
import styles from './Shell.module.css';
import { preloadDesk, sectionsFor } from './sections.ts';
import { TopBar } from './TopBar.tsx';
import { useShellCommands } from './useShellCommands.ts';

/** Takes over what the user chose on another machine. */
function useStoredPreferences(me: Me): void {
  const { setColorScheme } = useMantineColorScheme();
  const taken = useRef<string | null>(null);
  useEffect(() => {
    // Once per user: later changes are made here and sent to the server, not the other way.
    if (taken.current === me.id) return;
    taken.current = me.id;
    const { theme, language, single_keys, layout } = me.preferences;
    if (theme === 'light' || theme === 'dark' || theme === 'auto') setColorScheme(theme);
    const wanted = language ?? me.language;
    if (isLanguage(wanted)) void setLanguage(wanted);
    singleKeysStore.set(single_keys !== false);
    loadLayout(layout);
  }, [me, setColorScheme]);
}

function Pages() {
  const me = useDesk((desk) => desk.user);
  const sections = sectionsFor(me);
  const first = sections[0];
  return (
    <Suspense fallback={null}>
      <Switch>
        {sections.map(({ path, page: Page }) => (
          <Route key={path} path={`${path}/*?`}>
            <Page />
          </Route>
        ))}
        {first && (
          <Route>
            <Redirect to={first.path} replace />
          </Route>
        )}
      </Switch>
    </Suspense>
  );
}

/** Lets the browser ask before a page with unsaved values is left or reloaded. */
function useUnsavedWarning(): void {
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (anythingUnsaved(draftStore.get()) || anyFormUnsaved()) event.preventDefault();
    };
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, []);
}

function Workplace() {
  const me = useDesk((desk) => desk.user);
  const [path] = useLocation();
  const page = path.split('/')[1] ?? '';
  useShortcuts();
  useUnsavedWarning();
  usePops();
  useShellCommands(me);
  // Followed for as long as one is signed in: a card that pops must not wait for them.
  useAllAttributes();
  return (
    <div className={styles.shell}>
      <TopBar me={me} />
      <ErrorBoundary resetKey="call bar">
        <CallBar me={me} />
      </ErrorBoundary>
      <div className={styles.page}>
        <ErrorBoundary resetKey={page}>
          <Pages />
        </ErrorBoundary>
      </div>
      <LiveRegion />
      <Notices />
      <Palette />
      <KeyMap />
    </div>
  );
}

/** The frame around every page: it loads the desk's state and follows it for as long as one is signed in. */
export function Shell({ me }: { me: Me }) {
  const client = useQueryClient();
  const ready = useStore(liveStore, (live) => live.state !== null);
  const failure = useStore(liveStore, (live) => live.failure);
  useStoredPreferences(me);
  useEffect(() => {
    const stops = [
      startLive(),
      startCustomersLive(client),
      startJourneysLive(client),
      startMergesLive(client),
      startErasuresLive(client),
    ];
    preloadDesk();
    void loadPhoneFormats();
    return () => {
      for (const stop of stops) stop();
    };
  }, [client]);

  if (ready) return <Workplace />;
  if (!failure) return null;
  return (
    <FullPage>
      <ProblemNote problem={failure} onRetry={() => window.location.reload()} />
    </FullPage>
  );
}
