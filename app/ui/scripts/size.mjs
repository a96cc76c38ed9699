// Fails where what the first screen loads, fonts included, is 200 kB gzipped or more, or where the
// map is among it: that is loaded when it is opened.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const MOST = 200_000;
const dist = 'dist';

const html = readFileSync(join(dist, 'index.html'), 'utf8');
const named = [...html.matchAll(/(?:src|href)="\/?([^"]+\.(?:js|css))"/g)].map((it) => it[1]);

/** What a file asks for as it is loaded: static imports, and fonts of a style sheet. */
function needs(file) {
  const text = readFileSync(join(dist, file), 'utf8');
  const found = file.endsWith('.css')
    ? [...text.matchAll(/url\(\/?([^)]+\.woff2)\)/g)]
    : [...text.matchAll(/(?:^|[;}])import\s*(?:[^"'()]*?from)?\s*["']\.\/([^"']+)["']/g)];
  return found.map((it) => (file.endsWith('.css') ? it[1] : join('assets', it[1])));
}

const first = new Set(['index.html']);
const todo = [...named];
while (todo.length > 0) {
  const file = todo.pop();
  if (first.has(file)) continue;
  first.add(file);
  if (/\.(js|css)$/.test(file)) todo.push(...needs(file));
}

let sum = 0;
for (const file of first) {
  const size = gzipSync(readFileSync(join(dist, file)), { level: 9 }).length;
  sum += size;
  console.info(`${String(size).padStart(7)}  ${file}`);
}
console.info(`${String(sum).padStart(7)}  in all, of ${MOST}`);
if (sum >= MOST) process.exitCode = 1;

const map = readdirSync(join(dist, 'assets')).filter((it) => /^PinMap-.*\.js$/.test(it));
if (map.length === 0 || map.some((it) => first.has(join('assets', it)))) {
  console.error('the map is loaded with the first screen');
  process.exitCode = 1;
}
