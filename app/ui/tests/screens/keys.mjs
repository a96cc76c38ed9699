/** Keyboard shortcuts, and where the focus goes. */

const focused = () => document.activeElement?.closest('[data-testid]')?.dataset.testid ?? '';

/** Faults as sentences. */
export async function keys(page, root) {
  const faults = [];
  const must = (holds, words) => holds || faults.push(`keys: ${words}`);
  const is = async (words, work, ...args) => {
    await page.until(words, work, ...args).catch(() => must(false, words));
  };
  const open = () => document.querySelector('dialog[open]') !== null;
  const shut = () => document.querySelector('dialog[open]') === null;
  await page.size(1024, 768);
  await page.goto(`${root}?as=supervisor#/review`);
  await page.until('the queue', () => document.querySelector('[data-testid^="queue-row-"]'));
  await page.run(() => document.activeElement?.blur());

  await page.press('?');
  await is('? opens the list of shortcuts', open);
  must(
    await page.run(() => document.querySelector('dialog[open]').contains(document.activeElement)),
    'the focus goes into a sheet',
  );
  await page.press('Escape');
  await is('Esc closes it', shut);

  await page.press('j');
  await is(
    'j goes to a record',
    () => location.hash !== '#/review' || document.activeElement.closest('[data-row]'),
  );
  const first = await page.run(
    () => document.querySelector('[aria-current="true"]')?.dataset.testid,
  );
  await page.press('j');
  await is(
    'j goes to the next one',
    (before) =>
      document.querySelector('[aria-current="true"]')?.dataset.testid !== before ||
      document.activeElement.closest('[data-row]'),
    first ?? '',
  );

  for (const [key, button] of [
    ['a', 'approve'],
    ['r', 'return'],
  ]) {
    await page.goto(`${root}?as=supervisor#/review/q1aa`);
    await page.until('the record', () => document.querySelector('[data-testid="approve"]'));
    await page.run(() => document.activeElement?.blur());
    await page.press(key);
    await is(`${key} opens the sheet to ${button}`, open);
    must(
      await page.run(
        (name) => document.querySelector(`[data-testid="${name}-confirm"]`) !== null,
        button,
      ),
      `${key} decides nothing by itself`,
    );
    await page.press('Escape');
    await is('Esc closes the sheet', shut);
    await page.tap(button);
    await is('the sheet opens by touch', open);
    await page.press('Escape');
    await is('the sheet closes', shut);
    must(
      (await page.run(focused)) === button,
      `the focus goes back to what opened the sheet: ${button}`,
    );
  }

  await page.size(390, 844);
  await page.goto(`${root}?drafts=full#/stop-search/full/grounds`);
  await page.fill('[data-testid="grounds"]', '?/');
  must(await page.run(shut), 'no shortcut fires in a field');
  await page.goto(`${root}?drafts=full#/stop-search/full/copy`);
  await page.until('the options', () => document.querySelector('main [data-option]'));
  await page.run(() => document.activeElement?.blur());
  await page.press('1');
  await is('1 chooses the first option', () => location.hash.endsWith('/check'));
  await is('the focus is on the heading of a new page', () =>
    document.activeElement?.matches('h1'),
  );

  await page.run(() => localStorage.setItem('beatbook.look', JSON.stringify({ keys: false })));
  await page.goto(`${root}?#/home`);
  await page.press('?');
  must(await page.run(shut), 'shortcuts that were switched off do nothing');
  await page.run(() => localStorage.removeItem('beatbook.look'));
  return faults;
}
