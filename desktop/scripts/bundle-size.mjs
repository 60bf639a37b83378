// Prints the gzip size of the first load (entry, its static imports, their styles, and the
// desk route that every agent lands on) and fails over the budget of bars P11: 500 KB.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const BUDGET_KB = 500;
const root = new URL('../../src/ringdesk/web/static/', import.meta.url).pathname;
const manifest = JSON.parse(readFileSync(join(root, '.vite/manifest.json'), 'utf8'));

const firstLoad = new Set();
function collect(key) {
  const chunk = manifest[key];
  if (!chunk || firstLoad.has(chunk.file)) return;
  firstLoad.add(chunk.file);
  for (const style of chunk.css ?? []) firstLoad.add(style);
  for (const next of chunk.imports ?? []) collect(next);
}
for (const [key, chunk] of Object.entries(manifest)) {
  if (chunk.isEntry || /DeskPage|i18n\/en\.json/.test(key)) collect(key);
}

let total = 0;
for (const file of [...firstLoad].sort()) {
  const size = gzipSync(readFileSync(join(root, file))).length / 1024;
  total += size;
  console.log(`${size.toFixed(1).padStart(8)} KB gzip  ${file}`);
}
console.log(`${total.toFixed(1).padStart(8)} KB gzip  first load (budget ${BUDGET_KB})`);
if (total > BUDGET_KB) {
  console.error('The first load is over its budget: split a route or drop a dependency.');
  process.exit(1);
}
