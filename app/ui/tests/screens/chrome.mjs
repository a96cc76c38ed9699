/** Chromium without a window, spoken to through its debugging pipe. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const FLAGS = [
  '--headless',
  '--remote-debugging-pipe',
  '--no-sandbox',
  '--no-first-run',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--hide-scrollbars',
  '--force-color-profile=srgb',
];
const PATIENCE_MS = 10_000;

/** Opens Chromium and one page in it. */
export async function open() {
  const profile = mkdtempSync(join(tmpdir(), 'beatbook-screens-'));
  const chromium = spawn('chromium', [...FLAGS, `--user-data-dir=${profile}`], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    // A group of its own: Chromium is many processes, and all of them are ended.
    detached: true,
  });
  const [, , , to, from] = chromium.stdio;
  const waiting = new Map();
  let next = 1;
  let rest = '';
  let session;

  from.setEncoding('utf8');
  from.on('data', (text) => {
    const parts = (rest + text).split('\0');
    rest = parts.pop();
    for (const part of parts) {
      const { id, result, error } = JSON.parse(part);
      const answer = waiting.get(id);
      waiting.delete(id);
      if (error) answer?.reject(new Error(error.message));
      else answer?.resolve(result);
    }
  });

  const send = (method, params = {}) =>
    new Promise((resolve, reject) => {
      const id = next++;
      waiting.set(id, { resolve, reject });
      to.write(`${JSON.stringify({ id, method, params, sessionId: session })}\0`);
    });

  const { targetId } = await send('Target.createTarget', { url: 'about:blank' });
  session = (await send('Target.attachToTarget', { targetId, flatten: true })).sessionId;
  await send('Page.enable');

  const page = new Page(send);
  page.close = async () => {
    const ended = new Promise((resolve) => chromium.once('exit', resolve));
    process.kill(-chromium.pid, 'SIGKILL');
    await ended;
    rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  };
  return page;
}

/** A page, as somebody uses it. Elements are named by their `data-testid`. */
class Page {
  touches = 0;
  #send;

  constructor(send) {
    this.#send = send;
  }

  async size(width, height) {
    await this.#send('Emulation.setDeviceMetricsOverride', {
      width,
      height,
      deviceScaleFactor: 1,
      mobile: false,
    });
  }

  /** Light or dark, and no motion: what moves cannot be compared. */
  async scheme(value) {
    const features = [
      { name: 'prefers-color-scheme', value },
      { name: 'prefers-reduced-motion', value: 'reduce' },
    ];
    await this.#send('Emulation.setEmulatedMedia', { features });
  }

  async goto(url) {
    // A change of what follows # alone would not load the page anew.
    await this.#send('Page.navigate', { url: 'about:blank' });
    await this.#send('Page.navigate', { url });
    await this.until('the app', () => document.querySelector('#app :is(h1, header)') !== null);
  }

  /** Runs a function in the page. */
  async run(work, ...args) {
    const expression = `(${work})(...${JSON.stringify(args)})`;
    const { result, exceptionDetails } = await this.#send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails) {
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    }
    return result.value;
  }

  /** Runs a script of many statements in the page. */
  async load(source) {
    await this.#send('Runtime.evaluate', { expression: source });
  }

  /** Waits until the function gives something true. */
  async until(what, work, ...args) {
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      const found = await this.run(work, ...args).catch(() => null);
      if (found) return found;
      if (Date.now() > end) {
        const words = await this.run(() => document.body.innerText.slice(0, 300));
        throw new Error(`${what} did not come; the screen reads: ${words}`);
      }
      // How often it is looked.
      await this.run(() => new Promise((done) => setTimeout(done, 20))).catch(() => null);
    }
  }

  /** Touches an element in its middle with a real pointer, and counts the touch. */
  async touch(css) {
    // Where it stands still: what comes in late may move it once more.
    const at = await this.until(`“${css}”`, still, css);
    const mouse = { ...at, button: 'left', clickCount: 1 };
    await this.#send('Input.dispatchMouseEvent', { type: 'mousePressed', ...mouse });
    await this.#send('Input.dispatchMouseEvent', { type: 'mouseReleased', ...mouse });
    this.touches += 1;
  }

  tap(id) {
    return this.touch(`[data-testid="${id}"]`);
  }

  /** Touches a field and types. */
  async fill(css, text) {
    await this.touch(css);
    await this.#send('Input.insertText', { text });
  }

  async press(key, modifiers = 0) {
    const event = { key, code: key, windowsVirtualKeyCode: KEYS[key] ?? 0, modifiers };
    await this.#send('Input.dispatchKeyEvent', { type: 'keyDown', ...event });
    await this.#send('Input.dispatchKeyEvent', { type: 'keyUp', ...event });
  }

  async picture() {
    return Buffer.from((await this.#send('Page.captureScreenshot')).data, 'base64');
  }
}

/** Where an element is, if it is there again a moment later. */
async function still(css) {
  /** The middle of what can be seen and touched; null if nothing can. */
  function find() {
    for (const node of document.querySelectorAll(css)) {
      if (node.disabled) continue;
      node.scrollIntoView({ block: 'center' });
      const { x, y, width, height } = node.getBoundingClientRect();
      if (width === 0 || height === 0) continue;
      const at = { x: x + width / 2, y: y + height / 2 };
      const top = document.elementFromPoint(at.x, at.y);
      if (top && (node.contains(top) || top.contains(node))) return at;
    }
    return null;
  }
  const one = find();
  // Long enough for a frame or three, in which what comes in late would move it.
  await new Promise((done) => setTimeout(done, 60));
  const two = find();
  return one && two && one.x === two.x && one.y === two.y ? two : null;
}

const KEYS = { Tab: 9, Enter: 13, Escape: 27 };
