/** How many touches a common person search takes, by a real pointer; unlocking is not counted. */
const MOST = 20;
const MOST_AGAIN = 19;
const GROUNDS =
  'I saw him pass a small clear bag to the driver of a parked car and take money. When he saw me he put his hand into his pocket and walked away fast.';

const option = (page, code) => page.tap(`option-${code}`);

/** From the grounds to the receipt: what is the same for the first person and the next. */
async function person(page) {
  await page.fill('[data-testid="grounds"]', GROUNDS);
  await page.tap('continue');
  for (const code of ['male', '18_24', 'group-Black', 'B1', 'IC3']) await option(page, code);
  await page.tap('continue');
  for (const code of ['jog', 'nothing', 'no_further_action', 'no_force']) await option(page, code);
  await page.tap('continue');
  await option(page, 'camera');
  await option(page, 'qr');
  await page.tap('check-submit');
}

/** Faults as sentences; the figures are printed. */
export async function touches(page, root) {
  await page.size(390, 844);
  await page.goto(`${root}?drafts=none#/home`);
  page.touches = 0;
  await page.tap('home-stop-search');
  await option(page, 'controlled_drugs');
  await option(page, 'GOWISELY');
  await person(page);
  await page.until('the receipt', () => document.querySelector('[data-testid="receipt-done"]'));
  const first = page.touches + 1;

  page.touches = 0;
  await page.tap('receipt-again');
  await option(page, 'GOWISELY');
  await page.until(
    'empty grounds',
    () => document.querySelector('[data-testid="grounds"]')?.value === '',
  );
  await person(page);
  await page.tap('receipt-done');
  await page.until('home', () => document.querySelector('[data-testid="home-stop-search"]'));
  const again = page.touches;

  console.info(`a common search: ${first} touches; same again: ${again}`);
  return [
    ...(first > MOST ? [`a common search takes ${first} touches, more than ${MOST}`] : []),
    ...(again > MOST_AGAIN ? [`same again takes ${again} touches, more than ${MOST_AGAIN}`] : []),
  ];
}
