/** Words of the screens on which people read, send and review. */
import { plural, type Device } from './codes';

export const home = {
  title: 'Records',
  new: 'New record',
  continueSearch: 'Continue stop and search',
  continueNote: 'Continue note',
  draftLine: (place: string, time: string) => (place ? `${place}, ${time}` : time),
  required: (done: number, of: number) => `${done} of ${of} required`,
  todo: 'For you to do',
  shared: 'Shared with you',
  returnedBy: (by: string) => (by ? `Returned by ${by}` : 'Returned to you'),
  choose: 'Two versions',
  held: 'Held for checking',
  notAccepted: 'Not accepted',
  begun: 'Begun and not signed',
  review: 'Review',
  reviewLine: (n: number) => `${plural(n, 'record waits', 'records wait')} for you`,
  stop: 'Stop and search',
  note: 'Note',
  photo: 'Photo',
  empty: 'Nothing recorded yet. Stop and search and Note work without a connection.',
  more: (n: number) => `Show ${n} more`,
};

export const strip = {
  region: 'Sending',
  sending: (n: number) => `Sending ${plural(n, 'record', 'records')}`,
  sendingPhotos: (n: number) => `Sending ${plural(n, 'photo', 'photos')}`,
  order: 'Words first, then photos',
  here: (n: number, device: Device) =>
    `${n} ${n === 1 ? 'record is' : 'records are'} only on this ${device}`,
  photosHere: (n: number, device: Device) =>
    `${n} ${n === 1 ? 'photo is' : 'photos are'} only on this ${device}`,
  decisionsHere: (n: number, device: Device) =>
    `${n} ${n === 1 ? 'decision is' : 'decisions are'} only on this ${device}`,
  oldest: (span: string) => `, oldest ${span}`,
  noConnectionFor: (span: string) => `No connection for ${span}. Sends by itself.`,
  noConnection: 'No connection',
  nothingWaits: (time: string) =>
    `All you recorded has been received. Others’ news since ${time} is missing.`,
  nothingWaitsNever: 'All you recorded has been received.',
  silent: (seconds: number) =>
    seconds > 0
      ? `The server does not answer. Trying again in ${seconds} seconds.`
      : 'The server does not answer. Trying again.',
  silentTitle: 'The server does not answer',
  waits: 'They go next. You can go on recording.',
  find: 'Find a connection when you can.',
  signIn: 'Sign in to get others’ news',
  signInLine: 'Yours still sends, and you can go on recording.',
  split: (device: Device) => `Sign in again on this ${device}`,
  splitLine: 'Nothing is lost, and you can go on recording.',
  lease: (device: Device) => `Others’ records are locked until this ${device} connects`,
  leaseLine: 'Find a connection, then touch Try now. Yours stay open; you can go on recording.',
  leaseRevoked:
    'Others’ records are locked: this device was taken out of use. Yours stay open. Hand the device in.',
  leaseSignIn: 'Others’ records are locked: sign in again in the menu. Yours stay open.',
  revoked: 'This device was taken out of use',
  revokedLine: 'What you wrote is kept, and still goes to a supervisor. Hand the device in.',
  upgrade: 'Update Beatbook to read new records',
  upgradeLine: 'What you recorded still sends.',
  clock: (device: Device, span: string, fast: boolean) =>
    `This ${device}’s clock is ${span} ${fast ? 'fast' : 'slow'}`,
  clockLine: 'Both times are kept.',
  room: (photos: number) => `Room for about ${plural(photos, 'photo', 'photos')}`,
  roomLine: 'Connect to Wi-Fi to send and make room.',
  noRoom: 'Words only: no room for photos',
  noRoomLine: (photos: number) =>
    photos > 0
      ? `${plural(photos, 'photo still waits', 'photos still wait')} to be sent.`
      : 'Free some space on this device.',
  goOn: 'You can go on approving.',
  forWifi: 'Words sent. Photos wait for Wi-Fi.',
};

export const sending = {
  title: 'Sending',
  nothing: 'Nothing waits here',
  checked: 'All is sent and being checked',
  audit: 'Only entries for the audit still wait',
  last: (time: string) => `Last heard from the server at ${time}.`,
  never: 'The server has not been heard from yet.',
  next: (span: string) => `Next try in ${span}.`,
  off: (span: string) => `No connection for ${span}.`,
  waiting: 'Waiting here',
  held: 'Held for checking',
  received: 'Received by the server today',
  try: 'Try now',
  trying: 'Trying now',
  kinds: { record: 'Record', decision: 'Decision', photo: 'Photo', other: 'Entry' } as Record<
    string,
    string
  >,
  untitled: 'Entry of this device',
  size: (kind: string, size: string) => `${kind}, ${size}`,
  forWifi: (row: string) => `${row}, waits for Wi-Fi`,
  wifi: 'Photos over Wi-Fi only',
  wifiHint: 'Words always go, over whatever there is.',
  wifiWaits: 'This is no Wi-Fi, or it is paid for: photos wait.',
  /** For whoever looks into a fault. */
  details: {
    repairs: 'Times that a comparison did not fit',
    unknown: 'Entries here that the server is not known to have',
    adrift: 'Others’ records that nothing confirms',
    unopened: 'Entries kept unopened',
    failures: 'Failed tries in a row',
    splits: 'Times that the list of entries split',
  } as Record<string, string>,
  noneReceived: 'Nothing has been received today.',
};

export const record = {
  title: 'Record',
  facts: 'Facts',
  grounds: 'Grounds',
  text: 'What happened',
  photos: 'Photos',
  added: 'Added',
  addedBy: (by: string, time: string) => `Added ${time} by ${by}`,
  history: 'History',
  logged: 'Your viewing is logged.',
  reason: {
    title: 'Why do you read this record?',
    hint: 'It is somebody else’s. Your force keeps your reason with your name and the time.',
    label: 'Your reason',
    open: 'Open the record',
    missing: 'Say why you read this record.',
  },
  begun: {
    edit: 'You have begun to change this record. Nothing is signed yet.',
    add: 'You have begun to add to this record. Nothing is signed yet.',
    withdraw: 'You have begun to withdraw this record. Nothing is signed yet.',
    choose: 'You have begun to write new words. Nothing is signed yet.',
    review: 'You have begun to decide about this record. Nothing is signed yet.',
  } as Record<string, string>,
  goOn: 'Go on with it',
  add: 'Add to it',
  addTitle: 'Add to this record',
  addHint: 'What was submitted stays as it is. Your words are added below it, with your name.',
  addLabel: 'What do you want to add?',
  addSave: 'Sign and add',
  addMissing: 'Write what you want to add.',
  otherTime: 'It happened at another time',
  corrects: 'Does it put something right?',
  correctsNothing: 'No, it only adds',
  quote: 'Which words no longer hold?',
  quoteHint:
    'As they stand there. Leave it blank for all of them. They stay readable, struck through.',
  quoteWrong: 'These words do not stand there. Copy them exactly, or leave it blank.',
  corrected: 'put right later',
  correction: 'Puts it right',
  happened: (time: string) => `Happened ${time}`,
  addPhoto: 'Add a photo',
  receipt: 'Show the receipt',
  withdraw: 'Withdraw',
  withdrawTitle: 'Withdraw this record?',
  withdrawHint:
    'Nothing is deleted: the record stays readable, marked as withdrawn, with your reason.',
  withdrawLabel: 'Why?',
  withdrawSave: 'Sign and withdraw',
  withdrawMissing: 'Say why you withdraw it.',
  seeVersions: (n: number) => `See all ${n} versions`,
  versions: 'Version',
  versionName: (n: number) => `Version ${n}`,
  compare: 'Compare with',
  here: (device: Device) => `on this ${device}`,
  on: (device: string) => `on device ${device}`,
  newPhotos: (n: number) => `${plural(n, 'photo was', 'photos were')} added.`,
  nothing: 'None',
  between: (one: number, two: number) => `From version ${one} to version ${two}`,
  same: 'Nothing changed in the facts and words.',
  addedWord: 'added',
  removedWord: 'removed',
  choose: 'Choose one',
  within: (m: number) => `within ${m} m`,
  ward: 'Ward',
  returned: (by: string) => `Returned by ${by}.`,
  lookAt: 'Look at these:',
  answer: 'Answer with “Change it” or “Add to it”. It then goes back for review.',
  withdrawnBecause: 'Withdrawn.',
  reviewIt: 'Review it',
  personSearch: {
    person: 'person search',
    vehicle: 'vehicle search',
    person_and_vehicle: 'person and vehicle search',
    unattended_vehicle: 'unattended vehicle search',
  } as Record<string, string>,
  both: (title: string, kind: string) => `${title}, ${kind}`,
  timeline: {
    written: 'Written',
    changed: 'Changed',
    added: 'Added to',
    submitted: 'Submitted',
    received: 'Received by the server',
    approved: 'Approved',
    returned: 'Returned',
    escalated: 'Passed to a higher rank',
    withdrawn: 'Withdrawn',
    held: 'Held for checking',
    not_accepted: 'Not accepted',
    shared: 'Shared with a colleague',
    unshared: 'No longer shared',
    moved: 'Moved to another team or operation',
    log_number: 'Log number by the control room',
    released: 'Released by a supervisor',
    upheld: 'Kept out by a supervisor',
  } as Record<string, string>,
  server: (time: string) => `Server: ${time}`,
  onlyHere: (device: Device) => `Only on this ${device} so far`,
  beingChecked: 'Sent, being checked',
  removed: (device: Device) => `Removed from this ${device}`,
  removedLine:
    'Your access to this record ended, or it was never here. A supervisor or the control room can read it.',
  newer:
    'Part of this was written with a newer Beatbook, and cannot be read here. Update the app to read all of it. You can go on recording.',
  by: (by: string) => `by ${by}`,
};

export const linked = {
  encounter: 'The same encounter',
  notes: 'Notes that name it',
};

export const edit = {
  name: 'Change it',
  title: 'Change this record',
  hint: 'What was submitted stays readable. All that you change here is signed as one change.',
  see: 'See what changes',
  differenceTitle: 'What you change',
  differenceHint: 'Read it, then sign. The record then goes back for review.',
  newer:
    'Somebody changed this record meanwhile. What both of you changed is shown afterwards, and a person picks.',
  goOn: 'Go on changing',
  sign: 'Sign and save',
  nothing: 'Nothing is changed yet. Go on changing, or go back to the record.',
  drop: 'Drop these changes',
};

export const conflict = {
  title: (field: string) => `Two versions: ${field.toLowerCase()}`,
  hint: 'Changed on two devices while apart. Both stay in the history.',
  of: (n: number, all: number) => `${n} of ${all}`,
  by: (by: string, time: string) => (time ? `${by}, ${time}` : by),
  both: 'Written on two devices while apart',
  you: (here: boolean, device: Device) => (here ? `You, this ${device}` : 'You, another device'),
  blank: 'Left blank',
  write: 'Write it new',
  writeLabel: 'New words',
  save: 'Use these words',
  missing: 'Write the new words.',
  done: 'Nothing is left to choose.',
};

export const find = {
  title: 'Search records',
  label: (device: Device) => `Search what is on this ${device}`,
  searched: (device: Device, n: number, since: string) =>
    `Searches what is on this ${device}: ${plural(n, 'record', 'records')}${since ? ` since ${since}` : ''}.`,
  none: (device: Device) =>
    `Nothing on this ${device} matches. A supervisor or the control room can search everything.`,
  found: (n: number) => plural(n, 'record', 'records'),
  searches: 'Stop and searches',
  notes: 'Notes',
  waiting: (device: Device) => `Only on this ${device}`,
  returned: 'Returned',
  today: 'Today',
  week: 'Last 7 days',
  noneOfThese: 'None of your records fits this.',
};

/** Of an entry that was held, and that a supervisor keeps out: by the reason it was held for. */
export const keptOut: Record<string, string> = {
  not_active:
    'Your account or this device was ended before this came in. A supervisor keeps it out. Your words are kept.',
  not_author:
    'Only the officer who wrote the record can change it. A supervisor keeps this out. Your words are kept.',
  role: 'Your role may not do this. A supervisor keeps it out. Your words are kept.',
  team: 'The record belongs to another team now. Its supervisor keeps this out. Your words are kept.',
  not_submitted:
    'The record had not been submitted when this came in. A supervisor keeps it out. Your words are kept.',
  device_revoked:
    'This device was taken out of use before this came in. A supervisor keeps it out. Your words are kept.',
  builds_on_quarantined: 'It builds on something that a supervisor keeps out. Your words are kept.',
  policy_went_back: 'A supervisor keeps this out. Your words are kept.',
};
