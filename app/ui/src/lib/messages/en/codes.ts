/** Words for codes: states, errors, problems, advice, flags. A missing one fails the build. */
import type { StateCode } from '../../states';

export type Device = 'phone' | 'tablet';

/** What the words of a state depend on. */
export interface StateFacts {
  device: Device;
  time: string;
  by: string;
  photos: number;
}

const plural = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`;

export const states = {
  draft: () => 'Unfinished',
  saved: ({ device }) => `On this ${device}`,
  sending: () => 'Sending',
  sent: () => 'Sent, being checked',
  parked: () => 'Sent, waiting for an earlier part',
  received: ({ time }) => (time ? `Received ${time}` : 'Received'),
  received_photos_here: ({ photos }) => `Received, ${plural(photos, 'photo', 'photos')} still here`,
  held: () => 'Held',
  not_accepted: () => 'Not accepted',
  submitted: () => 'Waiting for review',
  returned: () => 'Returned',
  approved_here: ({ device }) => `Approved on this ${device}`,
  returned_here: ({ device }) => `Returned on this ${device}`,
  escalated_here: ({ device }) => `Passed on, on this ${device}`,
  approved: ({ by }) => (by ? `Approved by ${by}` : 'Approved'),
  escalated: () => 'With a higher rank',
  amended: () => 'Changed since approval',
  answered: () => 'Changed since its return',
  conflict: () => 'Choose one',
  confirm: () => 'Sign again',
  begun: () => 'Not signed',
  withdrawn: () => 'Withdrawn',
  newer: () => 'Update Beatbook to read it',
  elsewhere: () => 'On another device',
  locked: ({ device }) => `Locked until this ${device} connects`,
} satisfies Record<StateCode, (facts: StateFacts) => string>;

/** What happened, what is safe, what to do. */
export const errors = {
  unexpected: 'Something went wrong here. What was saved is safe. Try again.',
  disk_full:
    'This could not be saved. What you typed is still on the screen. Free some space, then touch Save.',
  storage:
    'This could not be saved. What you typed is still on the screen. Free some space, then touch Save.',
  damaged: 'This could not be read on this device. What was sent is safe. Tell IT support.',
  not_found: 'This is no longer on this device.',
  not_current: 'This was changed while you were reading. Nothing was decided.',
  problems: 'Something the law asks for is still missing.',
  bad_input: 'Something here cannot be saved as it is. Check it and try again.',
  bad_photo: 'This file is not a photo that can be read. Choose another one.',
  photo_not_here: 'This photo is on another device. It shows when it has been sent.',
  locked: 'Beatbook is locked. Unlock it to go on; everything is kept.',
  not_allowed: 'You may not do this with this record.',
  own_record: 'You wrote this. Somebody else must review it.',
  rank: 'This needs a supervisor of the team.',
  conflict: 'Somebody must choose between two versions first.',
  decided: 'This has been decided already.',
  withdrawn: 'This record was withdrawn.',
  needs_newer_app: 'Update Beatbook first: this one cannot show all of it.',
  unsynced: 'The server does not have this yet, so it cannot be decided.',
  not_author: 'Only the officer who wrote this can change it.',
  append_only: 'What was submitted stays as it is. Add a correction beside it.',
  other_officer: 'That is somebody else’s sign-in. Use your own; nothing here was changed.',
  not_enrolled: 'This device is not set up yet.',
  already_enrolled: 'This device is set up already.',
  bad_link: 'This is not a set-up link. Copy the whole link and try again.',
  bad_enrolment_code: 'This link has been used or has run out. Ask for a new one.',
  no_vault: 'There is nothing of yours on this device yet. Sign in first.',
  vault_exists: 'You are set up on this device already. Unlock with your PIN.',
  vault_damaged: 'What is stored here cannot be opened. Nothing was deleted. Tell IT support.',
  in_use: 'Beatbook is open already on this device. Use that window, or close it first.',
  newer_app: 'A newer Beatbook was used here. Nothing was changed. Update the app to open it.',
  bad_pin: 'Choose a PIN of at least 6 digits.',
  wrong_pin: 'Wrong PIN.',
  wait: 'Too many wrong PINs.',
  no_connection: 'No connection. This needs one. Everything you recorded is safe.',
  server_silent: 'The server does not answer. Everything you recorded is safe. Try again.',
  wrong_server: 'This is not your force’s server. Nothing was sent. Tell IT support.',
  garbled: 'The answer could not be read. Nothing is lost. Try again.',
  busy: 'The server is busy. Nothing is lost. Try again in a minute.',
  bad_sign_in: 'That was not right. Check collar number and password.',
  unknown_device: 'The server does not know this device. Nothing is lost. Tell IT support.',
  device_revoked:
    'This device was taken out of use. What you wrote is kept and still sends. Hand the device in.',
  sign_in_needed: 'Sign in again. Everything you recorded is safe.',
  unknown_log: 'The server has no list of this device’s entries. Nothing is lost. Tell IT support.',
  bad_chain:
    'This device’s list of entries does not fit the server’s. Nothing is lost. Tell IT support.',
  too_large: 'This is too large to send. It is kept here. Tell IT support.',
  slow_down: 'Too many tries. Wait a minute, then try again.',
  bad_version: 'Update Beatbook to read new records. What you recorded still sends.',
  lease_over:
    'Others’ records are locked: the server was not heard for too long. Find a connection, then touch Try now. Yours stay open.',
  reason_needed: 'Your force asks why you read this record. Open it again and say why.',
  key_lost:
    'The secure key store of this device was reset. Nothing is lost. Choose “Forgotten PIN” to get in again.',
  wrong_answer: 'That answer does not open this vault. Nothing was changed. Ask for a new one.',
  no_escrow: 'This device cannot ask for your key by itself. Nothing is lost. Tell IT support.',
  no_recovery: 'Ask again: the last request is not there any more. Nothing was changed.',
  cannot_seal: 'The server gave this device no key to seal to. Nothing is lost. Tell IT support.',
  nothing_unsent: 'Everything has been received. There is nothing to take out.',
  not_connected: 'Deciding about this needs a connection.',
  server_changed:
    'Somebody changed which server this device talks to. Nothing was sent, and nothing is lost. Tell IT support.',
  bad_receipt: 'The server’s receipt could not be checked. Nothing is lost. Tell IT support.',
  fork: 'Sign in again on this device. Nothing is lost.',
} as const;

export const pinTries = (device: Device, left: number, wait: string) =>
  `Wrong PIN. ${plural(left, 'try', 'tries')} left before this ${device} waits ${wait}.`;
export const pinWait = (device: Device, until: string) =>
  `Too many wrong PINs. This ${device} takes the next one at ${until}.`;

/** Why an entry is held or not accepted: what happened, what is safe, what to do. */
export const refusals: Record<string, string> = {
  not_active:
    'Your account or this device was ended before this came in. Your words are kept; a supervisor can release them.',
  not_author: 'Only the officer who wrote the record can change it. Your words are kept.',
  role: 'Your role may not do this. Your words are kept; a supervisor can release them.',
  own_record: 'Nobody reviews a record with a change of their own in it.',
  team: 'The record belongs to another team now. Your words are kept; its supervisor can release them.',
  not_submitted: 'The record had not been submitted when this came in.',
  conflict: 'Two versions were open when this came in. Choose one first.',
  not_held: 'This was settled before your decision came in. There is nothing left to decide.',
  erased: 'The record was destroyed because the law asks for it. Nothing of it can be added.',
  signature:
    'This device’s list of entries does not match the server’s. Nothing is lost. Hand it to IT support; you can go on recording.',
};
/** The same, as the supervisor reads it who decides about an entry of another's. */
export const heldBecause: Record<string, string> = {
  not_active: 'The officer’s account or device had been ended before this came in.',
  not_author: 'Somebody else wrote the record, and it was not shared with this officer.',
  role: 'The officer’s role may not do this.',
  team: 'The record belongs to another team, or the officer had left the team.',
  not_submitted: 'The record had not been submitted when this came in.',
  own_record: 'The officer has a change of their own in the record.',
  conflict: 'Two versions were open in what was approved.',
};
export const refusalOther = {
  held: 'A supervisor has to look at it before it counts. Your words are kept.',
  not_accepted:
    'The server could not accept this part. Nothing is lost. Tell IT support; you can go on recording.',
} as const;

/** Problems at their field: how it is said in the summary. */
export const problems = {
  missing: {
    searched_at: 'Say when you searched.',
    place_text: 'Say where you searched.',
    place_lat_e7: 'Say where you searched.',
    self_ethnicity: 'Choose their ethnicity, or Not stated.',
    object: 'Say what you were looking for.',
    grounds: 'Say why you searched this person.',
    authorisation: 'Say who authorised the area, and until when.',
    searched_by: 'Say who searched.',
    text: 'Write the note.',
  } as Record<string, string>,
  too_long: (what: string) => `${what} is too long. Shorten it.`,
  unknown_code: (what: string) => `${what}: choose again, the list has changed.`,
  not_a_time: (what: string) => `${what}: there is no such date and time. Check it.`,
  not_a_day: (what: string) => `${what}: there is no such day. Check it, or leave it blank.`,
  future: (what: string) => `${what} is in the future. Check the date and the time.`,
  out_of_range: (what: string) => `${what} cannot be right. Check it.`,
  too_much: (what: string) =>
    `${what} is far too long to be saved. It is still on the screen, and all else is saved. Shorten it.`,
  other: (what: string) => `Check ${what.toLowerCase()}.`,
};

export const checks: Record<string, string> = {
  on_time: 'Recorded on the spot',
  power_object: 'Power fits the object',
  grounds: 'No hints on the grounds',
  ethnicity: 'Both ethnicities recorded',
  video: 'Video given',
};

export const flags: Record<string, string> = {
  safety: 'Officer safety',
  under_18: 'Under 18',
  area: 'Area or time',
  intimate: 'Intimate parts exposed',
  no_video: 'No video',
  grounds: 'Look at grounds',
  power_object: 'Power and object',
  ethnicity: 'Ethnicity missing',
  outcome_link: 'Outcome link missing',
  force: 'Force used',
  late_record: 'Recorded late',
  more_than_outer: 'More than outer clothing',
  second_version: 'Second version',
  amended: 'Changed since review',
  photos_missing: 'Photos on the way',
  newer: 'Needs a newer Beatbook',
};

export { plural };
