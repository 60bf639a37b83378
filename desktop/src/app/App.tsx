import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../features/people/api.ts';
import { SignInPage } from '../features/people/pages/SignInPage.tsx';
import { whenSignedOut } from '../shared/api/client.ts';
import { createQueryClient } from '../shared/api/query.ts';
import { FullPage } from '../shared/ui/FullPage.tsx';
import { ProblemNote } from '../shared/ui/ProblemNote.tsx';
import { cssVariables, theme } from './theme.ts';

const colorScheme = localStorageColorSchemeManager({ key: 'ringdesk.theme' });
const Shell = lazy(() => import('./Shell.tsx').then((module) => ({ default: module.Shell })));

function SessionGate({ ended }: { ended: boolean }) {
  const session = useSession();
  if (session.data) {
    return (
      <Suspense fallback={null}>
        <Shell me={session.data} />
      </Suspense>
    );
  }
  if (session.isPending) return null;
  if (session.error?.status === 401) return <SignInPage ended={ended} />;
  return (
    <FullPage>
      {session.error && (
        <ProblemNote problem={session.error} onRetry={() => void session.refetch()} />
      )}
    </FullPage>
  );
}

export function App() {
  const [client] = useState(createQueryClient);
  const [ended, setEnded] = useState(false);
  // Texts and formats everywhere hang on the language: a switch draws the whole page anew, once.
  useTranslation();
  useEffect(() => {
    whenSignedOut(() => {
      // Not on the first visit: then nobody was signed in.
      if (client.getQueryData(['session'])) setEnded(true);
      void client.resetQueries({ queryKey: ['session'] });
    });
  }, [client]);
  return (
    <QueryClientProvider client={client}>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariables}
        colorSchemeManager={colorScheme}
        defaultColorScheme="auto"
      >
        <SessionGate ended={ended} />
      </MantineProvider>
    </QueryClientProvider>
  );
}
