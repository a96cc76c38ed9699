/** Words for working with others: review, what is held, what is shared; and of the menu. */
import { plural, type Device } from './codes';

export const held = {
  title: 'Held for checking',
  notAccepted: 'Not accepted',
  whole: 'All of this record is kept here as you wrote it. Nobody else sees it yet.',
  words: 'These are your words, beside what stands. They are kept.',
  again: 'Write them again',
  drop: 'Let them go',
  dropTitle: 'Let these words go?',
  dropHint: 'They stay in the history, and are no longer put before you.',
  keep: 'Keep them',
};

export const share = {
  name: (n: number) => (n === 0 ? 'Share with a colleague' : `Shared with ${n}`),
  title: 'Who writes this with you?',
  hint: 'They can read it and change it on their own device. Each change keeps its author’s name.',
  find: 'Find a colleague',
  since: (time: string) => `Since ${time}`,
  onlyHere: (device: Device) => `Only on this ${device} so far`,
  end: 'End',
  endWith: (who: string) => `End sharing with ${who}`,
  more: (n: number) => `${plural(n, 'more', 'more')}. Type a name or a number.`,
  none: 'Nobody of that name is known on this device.',
  removed: (n: number, device: Device, why: string) => {
    const gone = `${plural(n, 'record was', 'records were')} removed from this ${device}`;
    if (why === 'erased') {
      return `${gone}: the law asks for ${n === 1 ? 'it' : 'them'} to be destroyed.`;
    }
    const access = ENDED[why] ?? 'your access ended';
    return `${gone}: ${access}. What you wrote is sent all the same.`;
  },
};

/** Which access ended, with the records that were seen by it. */
const ENDED: Record<string, string> = {
  team: 'your access to the team’s records ended',
  shared: 'what was shared with you is no longer',
  operation: 'your access to the operation ended',
};

/** Entries of the team that the server holds, for the supervisor who decides about them. */
export const tasks = {
  title: 'Held entries',
  row: 'Held entries of the team',
  line: (n: number) => `${plural(n, 'waits', 'wait')} for your decision`,
  hint: 'The server keeps these out until somebody decides. Your decision is signed and logged.',
  offline: 'Deciding needs a connection: somebody else may have decided meanwhile.',
  empty: 'Nothing is held.',
  kinds: {
    change: 'A change of a record',
    submission: 'A submitted record',
    review: 'A review',
    withdrawal: 'A withdrawal',
    receipt_given: 'A receipt handed out',
    share: 'Sharing with a colleague',
    scope_change: 'A move to another team',
    log_number: 'A log number',
    release: 'A release',
    uphold: 'A refusal',
    other: 'An entry',
  } as Record<string, string>,
  received: (time: string) => `Received ${time}`,
  answered: 'Decided here, on its way',
  open: 'Read the record',
  begun: 'You have begun to write why. Nothing is signed yet.',
  release: 'Let it in',
  uphold: 'Keep it out',
  releaseTitle: 'Let this in?',
  upholdTitle: 'Keep this out?',
  releaseHint: 'It then counts as if it had been accepted at once, and so does what builds on it.',
  upholdHint: 'It stays out for good. The officer keeps the words and reads your reason.',
  reason: 'Why? The officer reads this',
  needReason: 'Say why.',
  confirm: 'Sign',
};

/** Statements that an officer has to sign again. */
export const again = {
  title: 'Sign again',
  row: 'Sign again',
  line: (n: number) => `${plural(n, 'statement needs', 'statements need')} your signature again`,
  hint: 'This device’s list of entries had to begin anew. What you had signed is not signed again without you.',
  kinds: {
    submission: 'You submitted this record',
    review: 'You decided about this record',
    withdrawal: 'You withdrew this record',
    receipt_given: 'You handed the receipt out',
    share: 'You shared this record',
    scope_change: 'You moved this record',
  } as Record<string, string>,
  verdicts: {
    approve: 'You approved this record',
    return: 'You returned this record',
    escalate: 'You passed this record on',
    given: 'You shared this record',
    ended: 'You ended sharing this record',
  } as Record<string, string>,
  at: (time: string) => `Signed ${time}`,
  reasons: {
    split: 'This device’s list of entries had split.',
    held: 'What it was about is kept out.',
  } as Record<string, string>,
  sign: 'Sign again',
  drop: 'Do not sign',
  read: 'Read the record',
  done: 'Nothing is left to sign.',
};

export const review = {
  title: 'Review',
  queue: 'Queue',
  pick: 'Choose a record to review.',
  all: (n: number) => `All ${n}`,
  late: (n: number) => `Late ${n}`,
  cover: (team: string) => `You cover ${team}`,
  ownTeam: 'My team',
  anyOfficer: 'Any officer',
  moreHints: (n: number) => `${n} more`,
  fewer: 'Fewer',
  whose: 'Whose records?',
  empty: 'Nothing waits for you.',
  emptyFilter: 'None of them fits this filter.',
  lastNews: (time: string) => `Last news from the server ${time}.`,
  newOnes: (n: number) => `${n} new`,
  versionOf: (n: number) => `version ${n}`,
  checks: 'Checks',
  clear: 'read and decide',
  approve: (n: number) => `Approve version ${n}`,
  approveAs: (n: number, who: string) => `Approve version ${n} as ${who}`,
  youRead: 'You have read it as shown here.',
  videoWords: {
    yes: 'You have viewed the video.',
    no: 'The video is not viewed.',
    does_not_apply: '',
  } as Record<string, string>,
  video: 'Have you viewed the video?',
  videoYes: 'Yes',
  videoNo: 'No',
  videoNone: 'Does not apply',
  feedback: 'A word to the officer, if you like',
  confirm: 'Approve',
  return: 'Return with a reason',
  returnTitle: 'Return to the officer',
  reasons: 'Why? At least one',
  words: 'Your words to the officer',
  returnConfirm: 'Return it',
  needReason: 'Choose at least one reason.',
  cancel: 'Cancel',
  heldApprove: (device: Device) => `Approved on this ${device}.`,
  heldReturn: (device: Device) => `Returned on this ${device}.`,
  escalate: 'Pass to a higher rank',
  escalateTitle: 'Pass to a higher rank',
  escalateHint: 'It stays open. Somebody of a higher rank decides, and sees your words.',
  escalateWords: 'Why? They read this',
  escalateConfirm: 'Pass it on',
  needWords: 'Say why.',
  tooLong: 'This is too long to be signed: at most 10,000 characters. Nothing was decided.',
  heldEscalate: (device: Device) => `Passed on, on this ${device}.`,
  photosMissing: (n: number) =>
    `${plural(n, 'photo is', 'photos are')} still on the officer’s phone. Your decision will say so.`,
  changed: 'This changed while you were reading.',
  seeChange: 'See what changed',
  changedTitle: 'What changed while you were reading',
  readOn: 'I have read it',
  waits: (span: string) => `Waits ${span}`,
  sinceLook: 'What changed since you last looked',
  sinceVerdict: {
    approve: (by: string, at: string) => `What changed since ${by} approved it, ${at}`,
    return: (by: string, at: string) => `What changed since ${by} returned it, ${at}`,
    escalate: (by: string, at: string) => `What changed since ${by} passed it on, ${at}`,
  } as Record<string, (by: string, at: string) => string>,
  unsigned: {
    approve: 'You approved this, and it was not signed. Decide again.',
    return: 'You returned this, and it was not signed. Decide again.',
    escalate: 'You passed this on, and it was not signed. Decide again.',
  } as Record<string, string>,
  meant: 'Which answers do you mean?',
  meantHint: 'The officer is taken to these.',
  refused: {
    own_record: 'You wrote this. Somebody else must review it.',
    rank: 'A supervisor of the team reviews this.',
    conflict: 'The officer has to choose between two versions first. You can return it.',
    not_current: 'A newer part of this record is still on its way.',
    decided: 'This has been decided.',
    withdrawn: 'The officer withdrew this record.',
    needs_newer_app: 'Update Beatbook first: this one cannot show all of it.',
    unsynced:
      'Something about this is not yet with the server, or is held. Decide when it has come.',
    lease_over: 'Locked: find a connection, then touch Try now.',
  } as Record<string, string>,
  failed: 'The decision was not signed.',
  facts: {
    when: 'When',
    where: 'Where',
    power: 'Power',
    person: 'Person',
    ethnicity: 'Ethnicity',
    outcome: 'Outcome',
  },
  stated: (label: string) => `Stated: ${label}`,
  officer: (label: string) => `Officer: ${label}`,
  back: 'Back to the queue',
};

export const patterns = {
  title: 'Patterns',
  hint: 'Of your teams’ searches on this device. They are there to notice something, and rank nobody.',
  days: (n: number) => (n === 365 ? 'A year' : n === 28 ? '4 weeks' : '3 months'),
  empty: 'No searches in this time.',
  searches: (n: number) => plural(n, 'search', 'searches'),
  few: (n: number) => `A rate is given from ${n} searches on.`,
  more: 'There are more: only the newest were looked at.',
  vehicles: (n: number) =>
    `${plural(n, 'search', 'searches')} of vehicles alone: in no group of people.`,
  all: 'All together',
  team: 'Your teams',
  ethnicities: 'In the person’s own words',
  objects: 'By what was looked for',
  officers: 'By officer, in the order of names',
  partOf: (part: number, of: number) => `${part} of ${of}`,
  tooFew: 'too few to say',
  none: 'none',
  codes: {
    found: 'Something found',
    linked: 'Of those found: outcome linked',
    no_further_action: 'No further action',
    more_than_outer: 'More than outer clothing',
    force: 'Force used',
    no_video: 'No video',
    grounds: 'Grounds with a hint',
  } as Record<string, string>,
};

export const sample = {
  title: 'Dip sample',
  hint: (days: number) =>
    `Searches of your teams of the last ${days} days, for a second look. Reading each is logged.`,
  count: 'How many?',
  seed: 'Seed',
  seedHint: 'Any word. The same word gives the same records to everybody who has them.',
  draw: 'Draw the sample',
  drawn: (n: number, of: number, seed: string) => `${n} of ${of}, by the seed “${seed}”`,
  empty: 'No searches in this time.',
  held: 'Decided.',
  own: 'You approved this. A second review is somebody else’s.',
};

export const menu = {
  title: 'Menu',
  records: 'My records',
  review: 'Review',
  shift: 'Shift',
  camera: 'Camera number',
  cameraHint: 'Offered on the video page until you lock.',
  partner: 'Who is with you',
  partnerHint: 'Filled in on every new search and note until you lock.',
  operation: 'Operation',
  look: 'Look',
  theme: 'Light or dark',
  themes: { light: 'Light', dark: 'Dark', system: 'As the device' },
  large: 'Large buttons',
  largeHint: 'For gloves',
  keys: 'Keyboard shortcuts',
  keyList: 'List of shortcuts',
  discarded: 'Discarded on this shift',
  restore: 'Restore',
  listsLine: (version: string, since: string) =>
    `Powers, objects and outcomes: version ${version}, here since ${since}`,
  listsOld: (age: string) =>
    `The list of powers is ${age} old. You can use it. It updates by itself.`,
  listsBuiltIn: (version: string) => `Powers, objects and outcomes: those of Beatbook ${version}`,
  device: 'This device',
  server: (host: string) => `Server: ${host}`,
  lastHeard: (time: string) => `Last heard from the server: ${time}`,
  never: 'not yet',
  reduced: (device: Device) => `Reduced protection: this ${device} has no secure key store.`,
  signIn: 'Sign in again',
  split:
    'This device’s list of entries has split from the server’s: a copy or an old state of it was in use. Nothing is lost. Sign in, and it goes on.',
  password: 'Password',
  signedIn: 'Signed in. Others’ news comes in now.',
  unsent: 'Unsent work',
  unsentHint:
    'Where this device cannot reach the server any more, take what it has not sent out as a file. Only the server can open it. Hand it to IT support.',
  unsentTake: 'Take it out as a file',
  unsentDone: (entries: number, photos: number, size: string) =>
    `Written: ${plural(entries, 'entry', 'entries')}, ${plural(photos, 'photo', 'photos')}, ${size}.`,
  unsentMissing: (n: number) => `${plural(n, 'photo is', 'photos are')} no longer on this device.`,
  lock: 'Lock now',
  help: 'Help: ask your sergeant or IT support, and say the reference of the record.',
};
