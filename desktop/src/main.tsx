import './app/styles.ts';
import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { firstLanguage, startI18n } from './shared/i18n/i18n.ts';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
await startI18n(firstLanguage());
createRoot(root).render(<App />);
