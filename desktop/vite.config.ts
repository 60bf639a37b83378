import react from '@vitejs/plugin-react';
import type { PluginOption } from 'vite';
import { defineConfig } from 'vitest/config';

/** Where `ringdesk serve` listens by default; the dev server hands API calls on to it. */
const API_SERVER = 'http://127.0.0.1:8080';

export default defineConfig(async ({ mode }) => {
  const mocked = mode === 'mock';
  const plugins: PluginOption[] = [react()];
  if (mocked) {
    const { mockServer } = await import('./mock/plugin.ts');
    plugins.push(mockServer());
  }
  const proxy = mocked ? {} : { '/api': { target: API_SERVER, changeOrigin: false } };
  return {
    plugins,
    server: { host: '127.0.0.1', port: 5173, proxy },
    preview: { host: '127.0.0.1', port: 4173, proxy },
    build: {
      outDir: '../src/ringdesk/web/static',
      emptyOutDir: true,
      target: 'es2022',
      sourcemap: false,
      manifest: true,
      rolldownOptions: {
        output: {
          codeSplitting: {
            // A group takes what its modules import along, unless one of higher priority has it: React
            // must come first, or every page would load the grid for the sake of the React inside.
            groups: [
              {
                name: 'react',
                test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/,
                priority: 2,
              },
              { name: 'grid', test: /node_modules[\\/]ag-grid/, priority: 1 },
              { name: 'phone', test: /node_modules[\\/]libphonenumber-js/, priority: 1 },
            ],
          },
        },
      },
    },
    test: {
      environment: 'happy-dom',
      include: ['src/**/*.test.{ts,tsx}'],
      // Making a document for every file took most of the run; each test cleans up after itself.
      isolate: false,
      env: { TZ: 'Europe/Stockholm' },
    },
  };
});
