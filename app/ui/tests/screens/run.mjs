/**
 * Every screen at both sizes, light and dark, against the fake host in a real browser:
 * axe, sizes, the keyboard, large text, and a picture to look at.
 *
 *     npm run screens                    all of it
 *     npm run screens -- review          those whose names begin so
 *     npm run screens -- --out DIR       with pictures
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { build, preview } from 'vite';

import { axe, heading, keyboard, motion, overflow, spacing, targets } from './checks.mjs';
import { open } from './chrome.mjs';
import { keys } from './keys.mjs';
import { SCREENS } from './list.mjs';
import { longLists } from './long.mjs';
import { touches } from './touches.mjs';

const SIZES = { phone: [390, 844], tablet: [1024, 768] };
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { out: { type: 'string' }, built: { type: 'boolean' }, quick: { type: 'boolean' } },
});
const outDir = 'node_modules/.cache/beatbook-screens';
const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
);

if (!values.built) await build({ mode: 'fake', logLevel: 'warn', build: { outDir } });
const server = await preview({ mode: 'fake', build: { outDir }, preview: { port: 0 } });
const root = server.resolvedUrls.local[0];
const page = await open();
const faults = [];

async function settle() {
  await page.run(async () => {
    await document.fonts.ready;
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  });
}

async function show(screen) {
  // What the screen before chose of the look is not this one's.
  await page.run(() => location.protocol.startsWith('http') && localStorage.clear());
  await page.goto(`${root}?${screen.query ?? ''}${screen.hash ?? ''}`);
  await screen.act?.(page);
  await settle();
}

async function look(screen, device, say) {
  const [width, height] = SIZES[device];
  await page.size(width, height);
  await page.scheme('light');
  await show(screen);
  await page.load(axeSource);
  for (const scheme of ['light', 'dark']) {
    await page.scheme(scheme);
    await settle();
    if (values.out) {
      const file = join(values.out, `${device}-${screen.name}-${scheme}.png`);
      writeFileSync(file, await page.picture());
    }
    if (!values.quick) say(scheme, await axe(page));
  }
  say('targets', await targets(page));
  say('width', await overflow(page));
  say('spacing', await spacing(page));
  say('motion', await motion(page));
  say('heading', await heading(page));
  if (values.quick) return;
  say('keyboard', await keyboard(page));
  if (device === 'phone') {
    await page.size(320, 640);
    await settle();
    say('320 px', await overflow(page));
    await page.size(width, height);
    await page.run(() => (document.documentElement.style.fontSize = '200%'));
    await settle();
    say('200% text', await overflow(page));
    if (values.out) {
      writeFileSync(join(values.out, `${device}-${screen.name}-200.png`), await page.picture());
    }
  }
}

try {
  if (values.out) mkdirSync(values.out, { recursive: true });
  const wanted = SCREENS.filter(
    (it) => positionals.length === 0 || positionals.some((name) => it.name.startsWith(name)),
  );
  for (const screen of wanted) {
    for (const device of screen.devices ?? Object.keys(SIZES)) {
      const say = (what, found) =>
        faults.push(...found.map((it) => `${screen.name}, ${device}, ${what}: ${it}`));
      await look(screen, device, say).catch((error) => say('', [error.message]));
    }
  }
  if (positionals.length === 0) {
    faults.push(
      ...(await touches(page, root)),
      ...(await longLists(page, root)),
      ...(await keys(page, root)),
    );
  }
  console.info(`${wanted.length} screens looked at`);
} finally {
  await page.close();
  await server.close();
}

if (faults.length > 0) {
  console.error(faults.join('\n'));
  process.exitCode = 1;
}
