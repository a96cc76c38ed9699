/**
 * The screens and their states. Each is reached by an address of the fake host; `act` then does
 * what a person does to come to the state.
 */
const officer = '';
const supervisor = 'as=supervisor';

/** A search with all seven items, on the page named. */
const search = (page) => `#/stop-search/${'full'}/${page}`;

export const SCREENS = [
  { name: 'unlock', query: 'start=locked' },
  { name: 'unlock-tries', query: 'start=locked&tries=4', act: wrongPin },
  { name: 'unlock-waiting', query: 'start=locked&spool=waiting' },
  { name: 'unlock-received', query: 'start=locked&spool=received' },
  {
    name: 'recover',
    query: 'start=locked',
    act: (page) => page.tap('forgot-pin'),
  },
  { name: 'recover-code', query: 'start=locked', act: recover },
  { name: 'recover-pin', query: 'start=locked&recovery=answered', act: recovered },
  {
    name: 'menu-unsent',
    hash: '#/menu',
    act: (page) => page.tap('export-unsent'),
  },
  { name: 'home-split', query: 'link=split', hash: '#/home' },
  { name: 'menu-split', query: 'link=split', hash: '#/menu' },
  { name: 'home-removed', query: 'removed', hash: '#/home' },
  { name: 'home-revoked', query: 'link=revoked', hash: '#/home' },
  { name: 'home-upgrade', query: 'link=upgrade', hash: '#/home' },
  { name: 'enrol', query: 'start=new' },
  { name: 'sign-in', query: 'start=enrolled' },
  { name: 'home', query: officer, hash: '#/home' },
  { name: 'home-connected', query: 'link=connected', hash: '#/home' },
  { name: 'home-low-room', query: 'link=connected&empty&free=480000000', hash: '#/home' },
  { name: 'home-no-room', query: 'free=9000000', hash: '#/home' },
  { name: 'home-empty', query: 'empty&link=connected', hash: '#/home' },
  { name: 'sending', hash: '#/sending' },
  { name: 'sending-wifi', query: 'link=connected', hash: '#/sending', act: overWifi },
  { name: 'sending-revoked', query: `${supervisor}&link=revoked`, hash: '#/sending' },
  {
    name: 'search',
    hash: '#/search',
    act: (page) => page.fill('[data-testid="search-text"]', 'soho'),
  },
  {
    name: 'search-own',
    hash: '#/search',
    act: (page) => page.tap('find-note'),
  },
  { name: 'menu', hash: '#/menu' },
  { name: 'menu-language', hash: '#/menu', act: inWelsh },
  { name: 'note', hash: '#/home', act: (page) => page.tap('home-note') },
  { name: 'photo', hash: '#/photo' },
  { name: 'record', hash: '#/record/r4dd' },
  { name: 'record-returned', hash: '#/record/r6ff' },
  { name: 'record-add', hash: '#/record/r4dd/add' },
  { name: 'record-withdraw', hash: '#/record/r4dd/withdraw' },
  { name: 'record-edit', hash: '#/record/r4dd/edit' },
  { name: 'record-edit-difference', hash: '#/record/r4dd/edit/grounds', act: changed },
  { name: 'record-begun', hash: '#/record/r4dd/add', act: begunWords },
  {
    name: 'record-reason',
    query: `${supervisor}&reason`,
    hash: '#/record/q5ee',
  },
  { name: 'record-version', query: supervisor, hash: '#/record/q5ee/version/1' },
  { name: 'record-compare', query: supervisor, hash: '#/record/q5ee/version/1/2' },
  { name: 'choose-one', hash: '#/record/r7gg/choose' },
  { name: 'receipt', hash: '#/receipt/r1aa' },
  { name: 'search-where', query: 'drafts=full', hash: search('where') },
  { name: 'search-nowhere', query: 'place=none&drafts=none', hash: '#/home', act: begin },
  { name: 'search-refused', query: 'place=refused&drafts=none', hash: '#/home', act: begin },
  {
    name: 'search-doubtful',
    query: 'place=bad&drafts=none',
    hash: '#/home',
    act: beginBadly,
  },
  { name: 'search-map', query: 'drafts=full', hash: search('where/map') },
  { name: 'search-object', query: 'drafts=full', hash: search('object') },
  { name: 'search-other', query: 'drafts=full', hash: search('object/other') },
  { name: 'search-said', query: 'drafts=full', hash: search('said') },
  { name: 'search-grounds', query: 'drafts=full', hash: search('grounds') },
  { name: 'search-area', query: 'drafts=area', hash: search('grounds') },
  { name: 'search-order', query: 'drafts=order', hash: search('grounds') },
  { name: 'search-items', query: 'drafts=full&items', hash: search('said') },
  { name: 'search-who', query: 'drafts=full', hash: search('who') },
  { name: 'search-what', query: 'drafts=full', hash: search('what') },
  { name: 'search-what-child', query: 'drafts=child', hash: search('what') },
  { name: 'search-what-vehicle', query: 'drafts=vehicle', hash: search('what') },
  { name: 'search-video', query: 'drafts=full', hash: search('video') },
  { name: 'search-copy', query: 'drafts=full', hash: search('copy') },
  { name: 'check', query: 'drafts=full', hash: search('check') },
  { name: 'check-another', query: 'drafts=full', hash: search('check'), act: anotherPerson },
  { name: 'check-problems', hash: '#/home', act: unfinished },
  {
    name: 'discard',
    query: 'drafts=full',
    hash: search('check'),
    act: (page) => page.tap('discard'),
  },
  { name: 'review', query: supervisor, hash: '#/review' },
  { name: 'review-cover', query: `${supervisor}&cover`, hash: '#/review' },
  { name: 'review-since', query: supervisor, hash: '#/review/q5ee' },
  { name: 'review-record', query: supervisor, hash: '#/review/q3cc' },
  { name: 'review-empty', query: `${supervisor}&empty`, hash: '#/review' },
  {
    name: 'review-approve',
    query: supervisor,
    hash: '#/review/q3cc',
    act: (page) => page.tap('approve'),
  },
  { name: 'review-changed', query: supervisor, hash: '#/review/q3cc', act: changedMeanwhile },
  { name: 'review-own', query: `${supervisor}&own`, hash: '#/review/q3cc' },
  { name: 'review-undo', query: supervisor, hash: '#/review/q3cc', act: approved },
  { name: 'home-large', hash: '#/menu', act: large },
  {
    name: 'review-escalate',
    query: supervisor,
    hash: '#/review/q3cc',
    act: (page) => page.tap('escalate'),
  },
  {
    name: 'review-officer',
    query: supervisor,
    hash: '#/review',
    act: (page) => page.tap('filter-officer'),
  },
  { name: 'held', query: `${supervisor}&link=connected`, hash: '#/held' },
  { name: 'held-offline', query: supervisor, hash: '#/held' },
  {
    name: 'held-release',
    query: `${supervisor}&link=connected`,
    hash: '#/held',
    act: (page) => page.tap('release-h1'),
  },
  { name: 'again', query: 'confirm', hash: '#/again' },
  { name: 'home-again', query: 'confirm', hash: '#/home' },
  { name: 'record-held', hash: '#/record/r9ii' },
  { name: 'record-share', hash: '#/record/r4dd/share' },
  { name: 'review-locked', query: `${supervisor}&lease`, hash: '#/review' },
  {
    name: 'review-return',
    query: supervisor,
    hash: '#/review/q3cc',
    act: returning,
  },
  { name: 'review-patterns', query: supervisor, hash: '#/patterns' },
  { name: 'review-patterns-empty', query: `${supervisor}&empty`, hash: '#/patterns' },
  { name: 'review-sample', query: supervisor, hash: '#/sample', act: drawn },
  { name: 'home-shared', query: 'shared', hash: '#/home' },
];

/** With a reason chosen, and the answers that it is about. */
async function returning(page) {
  await page.tap('return');
  await page.tap('return-reason-grounds');
  await page.run(() => (document.querySelector('dialog details').open = true));
}

async function drawn(page) {
  await page.fill('[data-testid="sample-seed"]', 'November');
  await page.tap('sample-draw');
  await page.until('the sample', () => document.querySelector('[data-row]'));
}

async function wrongPin(page) {
  for (const key of '111111') await page.tap(`unlock-key-${key}`);
  await page.tap('unlock-submit');
  await page.until('the refusal', () => document.querySelector('.note.bad'));
}

async function changed(page) {
  await page.fill('[data-testid="grounds"]', ' He then ran towards the park.');
  await page.tap('continue');
  await page.tap('edit-see');
  await page.until('the difference', () => document.querySelector('ins'));
}

async function begunWords(page) {
  await page.fill('[data-testid="add-text"]', 'He came back for the bag.');
  await page.run(() => (location.hash = '#/record/r4dd'));
  await page.until('the way on', () => document.querySelector('[data-testid="go-on-add"]'));
}

async function recover(page) {
  await page.tap('forgot-pin');
  await page.fill('[data-testid="signin-collar"]', '4417');
  await page.fill('[data-testid="signin-password"]', 'correct horse');
  await page.tap('recover-submit');
  await page.until('the code', () => document.querySelector('[data-testid="recover-code"]'));
}

async function recovered(page) {
  await recover(page);
  await page.until('the key', () => document.querySelector('[data-testid="recover-pin"]'));
}

/** Somebody changes the record while it is read. */
async function changedMeanwhile(page) {
  await page.until('the record', () => document.querySelector('[data-testid="approve"]'));
  await page.run(() => {
    const { world } = globalThis.beatbookFake;
    const it = world.records.find((record) => record.id === 'q3cc');
    it.versions = [...it.versions, it.fields];
    it.fields = { ...it.fields, grounds: 'He took cash from a driver and ran when he saw us.' };
    it.heads = ['q3cc-2'];
    world.tell('records');
  });
  await page.tap('see-change');
  await page.until('the difference', () => document.querySelector('dialog ins'));
}

async function approved(page) {
  await page.tap('approve');
  await page.tap('approve-confirm');
  await page.until('the way back', () => document.querySelector('[data-testid="undo"]'));
}

async function large(page) {
  await page.touch('label:has([data-testid="large-buttons"])');
  await page.run(() => {
    location.hash = '#/home';
  });
  await page.until('home', () => document.querySelector('[data-testid="home-stop-search"]'));
}

/** A language of the tests, whose few words stand among English ones. */
async function inWelsh(page) {
  await page.touch('[data-testid="language-cy"]');
  await page.until('the language', () => document.documentElement.lang === 'cy');
}

async function overWifi(page) {
  await page.touch('label:has([data-testid="photos-over-wifi"])');
  await page.until('the switch', () =>
    document.querySelector('[data-testid="photos-over-wifi"]:checked'),
  );
}

/** There is a position at once, so the page of it is gone back to. */
async function beginBadly(page) {
  await page.tap('home-stop-search');
  await page.until('the search', () => location.hash.includes('object'));
  await page.run(() => (location.hash = location.hash.replace('/object', '/where')));
  await page.until('the place', () => document.querySelector('[data-testid="locate"]'));
  await page.tap('locate');
  await page.until('the doubt', () => document.body.innerText.includes('400 m'));
}

async function begin(page) {
  await page.tap('home-stop-search');
  await page.until('the search', () => location.hash.includes('where'));
}

async function anotherPerson(page) {
  await page.tap('another');
  await page.until('the next person', () => location.hash.includes('/where'));
}

async function unfinished(page) {
  await page.touch('[data-testid^="draft-"]');
  await page.until('the search', () => location.hash.includes('stop-search'));
  await page.run(
    () => (location.hash = location.hash.replace(/(stop-search\/[^/]+).*/, '$1/check')),
  );
  await page.tap('check-submit');
  await page.until('the summary', () => document.querySelector('[role="alert"]'));
}
