// Fails where a colour is written outside tokens.css, or a source file grows beyond 300 lines.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const MOST_LINES = 300;
const COLOUR = /#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|oklch|oklab)\(/i;

const files = readdirSync('src', { recursive: true, withFileTypes: true })
  .filter((it) => it.isFile() && /\.(svelte|css|ts)$/.test(it.name))
  .map((it) => join(it.parentPath, it.name))
  .filter((it) => !it.endsWith('bindings.ts'));

const faults = files.flatMap((file) => {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  const long = lines.length > MOST_LINES && !file.endsWith('.css');
  const found = long ? [`${file}: ${lines.length} lines, at most ${MOST_LINES}`] : [];
  if (file.endsWith('tokens.css') || file.endsWith('.ts')) return found;
  lines.forEach((line, at) => {
    if (COLOUR.test(line) && !line.includes('href'))
      found.push(`${file}:${at + 1}: ${line.trim()}`);
  });
  return found;
});

if (faults.length > 0) {
  console.error(`A colour or a length out of place:\n${faults.join('\n')}`);
  process.exit(1);
}
