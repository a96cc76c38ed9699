/** Long lists: little of them is drawn, all of them can be reached, and nothing jumps. */
const MANY = 5000;
const DRAWN_MOST = 400;
/** Of Web Vitals' good, a tenth. */
const SHIFT_MOST = 0.01;

export async function longLists(page, root) {
  const faults = [];
  await page.size(1024, 768);
  await page.goto(`${root}?as=supervisor&many=${MANY}#/review`);
  await page.until('the queue', () => document.querySelector('[data-testid^="queue-row-"]'));
  const found = await page.run(async () => {
    const list = document.querySelector('.list');
    const rows = () => document.querySelectorAll('[data-testid^="queue-row-"]');
    const first = rows().length;
    const begun = performance.now();
    let last = null;
    // Heights are known as rows are drawn, so that the end is found in a few steps.
    for (let at = 0; at < 60 && !last; at += 1) {
      list.scrollTop = list.scrollHeight;
      // Two frames: one draws the rows, the next knows their heights.
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      last = [...rows()].at(-1)?.dataset.testid === 'queue-row-m4999' ? rows().length : null;
    }
    return { first, last, ms: Math.round(performance.now() - begun) };
  });
  console.info(`a queue of ${MANY}: ${found.first} rows drawn, ${found.last} at its end`);
  if (found.first > DRAWN_MOST) faults.push(`a queue of ${MANY} draws ${found.first} rows at once`);
  if (!found.last) faults.push(`the end of a queue of ${MANY} is not reached`);
  if (found.last > DRAWN_MOST) faults.push(`at the end ${found.last} rows are drawn`);

  for (const hash of ['#/home', '#/sending', '#/record/r4dd', '#/search']) {
    await page.size(390, 844);
    await page.goto(`${root}?${hash}`);
    const shift = await page.run(
      () =>
        new Promise((done) => {
          let sum = 0;
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) sum += entry.value;
          }).observe({ type: 'layout-shift', buffered: true });
          // That nothing jumps any more is no event: it is looked for over a time.
          setTimeout(() => done(sum), 600);
        }),
    );
    if (shift > SHIFT_MOST) faults.push(`${hash} jumps by ${shift.toFixed(3)}`);
  }
  return faults;
}
