/** What every screen must keep to, asked of the page itself. */

/** WCAG 2.0 to 2.2, A and AA, and what axe calls best practice. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

export async function axe(page) {
  const found = await page.run(async (rules) => {
    const { violations, incomplete } = await window.axe.run(document, { runOnly: rules });
    const where = (nodes) => nodes.map((node) => node.target.join(' ')).slice(0, 3);
    // Words in the colour of what is behind them are no violation to axe, only a question.
    const unseen = incomplete
      .filter((it) => it.id === 'color-contrast')
      .flatMap((it) => it.nodes)
      .filter((node) => node.any.some((it) => it.data?.messageKey === 'equalRatio'));
    const faults = violations.map((it) => ({ id: it.id, help: it.help, where: where(it.nodes) }));
    if (unseen.length > 0) {
      faults.push({ id: 'color-contrast', help: 'Words cannot be seen', where: where(unseen) });
    }
    return faults;
  }, RULES);
  return found.map((it) => `${it.id}: ${it.help}, at ${it.where.join('; ')}`);
}

/** Nothing wider than the screen, and no words cut off. */
export function overflow(page) {
  return page.run(() => {
    const faults = [];
    const root = document.documentElement;
    if (root.scrollWidth > innerWidth + 1) faults.push(`scrolls sideways: ${root.scrollWidth} px`);
    for (const node of document.querySelectorAll('#app *, dialog[open] *')) {
      const style = getComputedStyle(node);
      const box = node.getBoundingClientRect();
      if (box.width <= 1 || style.clipPath !== 'none') continue;
      const scrolls = /auto|scroll/.test(style.overflowX);
      const inner = node.scrollWidth - node.clientWidth > 2;
      const clips = style.overflowX === 'hidden' || style.overflowX === 'clip';
      const name = `${node.tagName.toLowerCase()}.${node.className || ''} “${node.textContent.trim().slice(0, 30)}”`;
      if (clips && inner && !node.closest('svg, input')) faults.push(`cut off: ${name}`);
      if (!scrolls && box.right > innerWidth + 2 && !node.closest('.chips, .kinds, .map')) {
        faults.push(`beyond the edge: ${name}`);
      }
    }
    return faults.slice(0, 4);
  });
}

/** With the spacing that readers may ask for (WCAG 1.4.12) nothing is cut off either. */
export async function spacing(page) {
  await page.run(() => {
    const style = document.createElement('style');
    style.id = 'spacing';
    style.textContent =
      '* { line-height: 1.5 !important; letter-spacing: 0.12em !important; ' +
      'word-spacing: 0.16em !important } p { margin-bottom: 2em !important }';
    document.head.append(style);
  });
  const found = await overflow(page);
  await page.run(() => document.getElementById('spacing').remove());
  return found;
}

/** Nothing moves for whoever asked for that. */
export function motion(page) {
  return page.run(() =>
    document
      .getAnimations()
      .filter((it) => it.playState === 'running' && it.effect?.getTiming().duration > 1)
      .map((it) => `moves: ${it.effect.target?.className || it.effect.target?.tagName}`),
  );
}

/** One h1, which has the focus or stands before what has it. */
export function heading(page) {
  return page.run(() => {
    const all = [...document.querySelectorAll('#app h1')].filter((it) => it.checkVisibility());
    return all.length === 1 ? [] : [`${all.length} headings of the first rank`];
  });
}

/** Everything that is touched is 48 px high and wide, whatever draws it. */
export function targets(page) {
  return page.run(() => {
    const LEAST = 48;
    const small = [];
    for (const node of document.querySelectorAll('button, a[href], input, textarea, summary')) {
      if (node.closest('[inert], .inline') || node.type === 'hidden') continue;
      const box = (node.closest('label') ?? node).getBoundingClientRect();
      if (box.width === 0 || getComputedStyle(node).visibility === 'hidden') continue;
      if (box.height < LEAST - 0.5 || box.width < LEAST - 0.5) {
        const name = node.getAttribute('aria-label') ?? node.textContent.trim().slice(0, 30);
        small.push(`${Math.round(box.width)}x${Math.round(box.height)} px: “${name || node.id}”`);
      }
    }
    return small.slice(0, 4);
  });
}

/** With the Tab key alone everything that can be used is reached, and can be seen there. */
export async function keyboard(page) {
  const all = await page.run(() => {
    document.activeElement?.blur();
    const scope = document.querySelector('dialog[open]') ?? document;
    const usable = [
      ...scope.querySelectorAll('button:enabled, a[href], input:enabled, textarea, summary'),
    ].filter((it) => it.checkVisibility({ visibilityProperty: true }));
    // Of a group of radios the Tab key reaches one.
    const groups = new Set();
    window.unreached = usable.filter((it) => {
      if (it.type !== 'radio') return true;
      const first = !groups.has(it.name);
      groups.add(it.name);
      return first;
    });
    // Told by each as it gets the focus: between two looks the focus may have moved twice.
    window.walk = new AbortController();
    const reached = ({ target }) => {
      window.unreached = window.unreached.filter(
        (it) => it !== target && !(it.type === 'radio' && it.name === target.name),
      );
    };
    document.addEventListener('focusin', reached, { signal: window.walk.signal });
    return window.unreached.length;
  });
  const hidden = [];
  // The walk starts wherever the focus was last, and a long list draws rows as it goes: twice around,
  // or until nothing is left.
  for (let at = 0; at < 2 * all + 40; at += 1) {
    await page.press('Tab');
    const seen = await page.run(() => {
      const node = document.activeElement;
      if (!node || node === document.body) return null;
      const box = (node.closest('label') ?? node).getBoundingClientRect();
      const inside = box.bottom > 0 && box.top < innerHeight && box.width > 0;
      return inside ? null : `focus out of sight: “${node.textContent.trim().slice(0, 30)}”`;
    });
    if (seen) hidden.push(seen);
    if (await page.run(() => window.unreached.every((it) => !it.isConnected))) break;
  }
  const left = await page.run(() => {
    window.walk.abort();
    // A row of a long list that was scrolled away is no longer there to be reached.
    return window.unreached
      .filter((it) => it.isConnected)
      .map((it) => `not reached by Tab: “${it.textContent.trim().slice(0, 30)}”`);
  });
  return [...new Set([...left, ...hidden])].slice(0, 4);
}
