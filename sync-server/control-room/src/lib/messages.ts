/** Every word of the page. */
import type { ConsoleDevice, ConsoleRecord } from './api.ts';
import { clockBeside, plural, span } from './time.ts';

export const words = {
  title: 'Control room',
  readOnly: (force: string) => (force ? `${force}. Read only` : 'Read only'),
  signIn: {
    heading: 'Sign in to the control room',
    collar: 'Collar number',
    password: 'Password',
    submit: 'Sign in',
    busy: 'Signing in',
    collarMissing: 'Type your collar number.',
    passwordMissing: 'Type your password.',
    problem: 'There is a problem',
    ended: 'Your sign-in has ended. Sign in again to go on.',
  },
  errors: {
    bad_sign_in: 'Collar number and password do not fit. Check both and try again.',
    slow_down: 'Too many attempts. Wait a minute, then try again.',
    no_connection: 'The server does not answer. Check the network, then try again.',
    busy: 'The server is busy. Try again in a moment.',
    not_found: 'This account does not see this. Ask an administrator for the control room role.',
    other: 'Something went wrong on the server. Try again.',
  } as Record<string, string> & { other: string },
  tabs: {
    label: 'Pages',
    live: 'Live',
    devices: 'Devices',
    notices: 'Notices',
    published: 'Published searches',
  },
  menu: {
    open: 'Menu',
    close: 'Close the menu',
    look: 'Look',
    system: 'As the system says',
    light: 'Light',
    dark: 'Dark',
    shortcuts: 'Keyboard shortcuts',
    shortcutsOn: 'Single keys work',
    signedIn: (label: string) => `Signed in as ${label}`,
    signOut: 'Sign out',
    keys: [
      ['/', 'Search the list'],
      ['j', 'Next record'],
      ['k', 'Previous record'],
      ['Enter', 'Open the record'],
      ['Esc', 'Close'],
      ['?', 'This menu'],
    ] as const,
  },
  live: {
    heading: 'Records as they arrive',
    connecting: 'Connecting',
    live: 'Live.',
    meanwhile: (count: number) => `Live. ${count} came in meanwhile.`,
    changed: (ago: string) => `Last change ${ago}`,
    noChange: 'No change yet',
    notLive: (since: string) => `Not live since ${since}. Trying again.`,
    ago: (ms: number) => (ms < 1000 ? 'just now' : `${span(ms)} ago`),
    loading: 'Loading',
    again: 'Try again',
    empty: 'No records in the last 8 hours.',
    emptyHint: 'New ones appear here by themselves.',
    filteredEmpty: (all: number) => `None of ${all} fits this filter.`,
    showAll: (all: number) => `Show all ${all}`,
    news: (count: number) => `${count} new`,
    more: (count: number) => `Show ${count} more`,
    caption: 'Records, newest received first. Officer safety stands on top while it is open.',
    columns: {
      received: 'Received',
      happened: 'Happened',
      what: 'What',
      where: 'Where',
      outcome: 'Outcome and review',
    },
    log: (log: string) => `log ${log}`,
    photos: (here: number, all: number) =>
      here === all ? plural(all, 'photo') : `${here} of ${plural(all, 'photo')} here`,
    noTime: 'Not given',
  },
  filter: {
    label: 'Filter',
    all: 'All',
    window: 'Last 8 hours',
    search: 'Search by reference, log or officer',
  },
  view: { label: 'View', list: 'List', map: 'Map' },
  flags: {
    officer_safety: 'Officer safety',
    arrest: 'Arrest',
    weapon_found: 'Weapon found',
    under_18: 'Under 18',
  },
  status: (record: ConsoleRecord) => statusWords(record.status, record.status_by ?? null),
  chooseOne: 'Versions differ',
  map: {
    heading: 'Map',
    label: 'Map of the records in the list. The list holds the same facts.',
    loading: 'Loading the map',
    failed: 'The map cannot be drawn in this browser. The list holds the same facts.',
    all: 'Show all',
    zoomIn: 'Zoom in',
    zoomOut: 'Zoom out',
    unconfirmed: 'Not confirmed',
    key: {
      exact: 'Ring: how exact it is',
      unconfirmed: 'Not confirmed',
    },
    unplaced: (count: number) => `${plural(count, 'record')} without a position`,
  },
  sheet: {
    label: 'Record',
    close: 'Close the record',
    logged: 'Your viewing is logged.',
    log: 'Log',
    operation: 'Operation',
    ward: 'Ward',
    unconfirmed: 'not confirmed',
    facts: 'Facts',
    grounds: 'Grounds',
    text: 'Text',
    photos: 'Photos',
    added: 'Added later',
    timeline: 'History',
    conflicts: 'Versions differ',
    conflictHint: 'Changed on two devices while apart. The officer or the supervisor chooses.',
    nobody: 'Somebody',
    blank: 'Blank',
    photoWaiting: 'Still on the officer’s device',
    photoFailed: 'This photo cannot be shown.',
    photoOpen: (caption: string) => `Open ${caption}`,
    photoUncaptioned: (number: number) => `Photo ${number}`,
    photoClose: 'Close the photo',
    by: (name: string, at: string) => `${name}, ${at}`,
    device: (at: string) => `${at} on the device`,
    received: (at: string) => `received ${at}`,
    version: (version: number) => plural(version, 'accepted change'),
  },
  logNumber: {
    label: 'Log number',
    add: 'Add a log number',
    change: 'Change the log number',
    save: 'Save',
    busy: 'Saving',
    cancel: 'Cancel',
    missing: 'Type the log number.',
    sent: 'Saved. It shows in a moment.',
  },
  notices: {
    heading: 'Notices',
    lead: 'Every officer sees a notice on their device, from the next time that it connects.',
    label: 'What should everybody know?',
    until: 'How long it is shown',
    hours: (hours: number) =>
      hours < 24 ? plural(hours, 'hour') : plural(Math.round(hours / 24), 'day'),
    send: 'Tell everybody',
    busy: 'Sending',
    missing: 'Type what everybody should know.',
    empty: 'There is no notice now.',
    by: (name: string, at: string, until: string) => `${name}, ${at}. Shown until ${until}.`,
  },
  devices: {
    heading: 'Devices',
    lead: 'What a device has not sent yet is not on this page.',
    columns: {
      device: 'Device',
      officer: 'Signed in last',
      heard: 'Last heard',
      waiting: 'Waiting on it then',
    },
    never: 'Never heard from',
    nobody: 'Nobody yet',
    revoked: 'Revoked',
    quiet: 'Not heard from',
    hidden: 'This account does not see devices.',
    empty: 'No device is enrolled.',
    show: 'Show them',
    kinds: { phone: 'Phone', tablet: 'Tablet' } as Record<string, string>,
    ago: (ms: number) => (ms < 60_000 ? 'less than a minute ago' : `${span(ms)} ago`),
    waiting: (device: ConsoleDevice, now: number) => waitingWords(device, now),
    strip: stripWords,
  },
  published: {
    heading: 'Published searches',
    badge: 'As published',
    lead: 'Imported from published figures. These are not records of this page’s officers.',
    total: (shown: number, total: number) =>
      shown < total
        ? `${shown.toLocaleString('en-GB')} newest of ${total.toLocaleString('en-GB')}`
        : plural(total, 'search', 'searches'),
    empty: 'No published searches have been imported.',
    more: 'Show more',
    when: 'When',
    noTime: 'No time',
    columns: ['Object of search', 'Legislation', 'Outcome', 'Type', 'Age range', 'Gender'],
  },
} as const;

/** What went wrong, in words. */
export function errorWords(code: string): string {
  return words.errors[code] ?? words.errors.other;
}

/** A flag in words. */
export function flagWords(flag: string): string {
  const known: Readonly<Record<string, string>> = words.flags;
  return known[flag] ?? flag;
}

function statusWords(status: string, by: string | null): string {
  switch (status) {
    case 'submitted':
      return 'Waiting for review';
    case 'approved':
      return by ? `Approved by ${shortName(by)}` : 'Approved';
    case 'returned':
      return by ? `Returned by ${shortName(by)}` : 'Returned';
    case 'escalated':
      return by ? `Passed up by ${shortName(by)}` : 'Passed up';
    case 'amended':
      return 'Changed since review';
    case 'withdrawn':
      return 'Withdrawn';
    case 'unsubmitted':
      return 'Not submitted';
    default:
      return status;
  }
}

/** "Sgt 2093 Ahmed" as one says it: Sgt Ahmed. The history has the number. */
function shortName(label: string): string {
  return label.replace(/^(\S+) \S*\d\S* (?=\S)/, '$1 ');
}

function waitingWords(device: ConsoleDevice, now: number): string {
  if (device.last_heard == null) return '';
  const at = clockBeside(device.last_heard, now);
  const waiting = [
    device.waiting > 0 ? plural(device.waiting, 'entry', 'entries') : null,
    device.waiting_photos > 0 ? plural(device.waiting_photos, 'photo') : null,
  ].filter((part) => part !== null);
  if (waiting.length === 0) return `Nothing waiting at ${at}`;
  const oldest =
    device.oldest_waiting == null
      ? ''
      : `, the oldest since ${clockBeside(device.oldest_waiting, now)}`;
  return `${waiting.join(' and ')} at ${at}${oldest}`;
}

function stripWords(quiet: readonly ConsoleDevice[], now: number): { head: string; rest: string } {
  const phones = quiet.every((device) => device.form_factor === 'phone');
  const oldest = quiet[0];
  const who = oldest?.officer ?? oldest?.name;
  return {
    head: `${plural(quiet.length, phones ? 'phone' : 'device')} not heard from for 30 minutes.`,
    rest:
      `What ${quiet.length === 1 ? 'it holds' : 'they hold'} is not on this page.` +
      (oldest?.last_heard ? ` Oldest: ${who}, ${span(now - oldest.last_heard)}.` : ''),
  };
}

export const timelineWords: Record<string, string> = {
  created: 'Written',
  changed: 'Changed',
  submitted: 'Submitted for review',
  approved: 'Approved',
  returned: 'Returned',
  escalated: 'Passed up',
  withdrawn: 'Withdrawn',
  receipt_given: 'Copy of the record',
  shared: 'Shared with a colleague',
  unshared: 'No longer shared',
  moved: 'Moved',
  log_number: 'Log number',
  released: 'Let in by a supervisor',
  upheld: 'Kept out by a supervisor',
};

/** Reasons of a return and ways a copy was given, as far as they are known. */
export const reasonWords: Record<string, string> = {
  grounds: 'Grounds are not specific',
  power_object: 'Power and object do not fit',
  ethnicity: 'Ethnicity is incomplete',
  outcome: 'Outcome or what was found is unclear',
  video: 'Video is missing without a reason',
  copy: 'Copy of the record is not dealt with',
  extent: 'Extent of the search is unclear',
  authorisation: 'Authorisation is missing',
  other: 'Other',
  qr: 'Given by QR code',
  email: 'Sent by email',
  refused: 'Not wanted',
  not_practicable: 'Not practicable',
};
