/** Words around a search: the map, the receipt, notes, photos, and putting a draft away. */
import type { Device } from './codes';

export const map = {
  title: 'Put a pin on the map',
  hint: 'Move the map until the cross is where it was. Your own words stay as they are.',
  label: (words: string) => `Map. The cross is at ${words}. The arrow keys move it.`,
  north: 'North',
  south: 'South',
  east: 'East',
  west: 'West',
  closer: 'Closer',
  wider: 'Wider',
  take: 'It was here',
};

export const receipt = {
  title: 'Receipt',
  turn: 'Turn the phone to the person',
  qr: 'QR code of the receipt; the same words stand below it',
  by: 'You were searched by',
  under: 'under the',
  ask: 'Ask for the full record until',
  scan: 'Scan for how to ask, and how to complain. It opens once the record has been sent.',
  noPage: 'Give this reference when you ask. The code holds the same reference.',
  officer: (number: string) => `officer ${number}`,
  given: 'They have it',
  refused: 'They do not want it',
  notPracticable: 'Not given, not practicable',
  paper: 'They have it on paper',
  again: 'Same again for another person',
  noQr: 'No QR code: read the reference out.',
};

export const note = {
  title: 'Note',
  titled: (title: string) => `Note: ${title}`,
  kind: 'What kind of note?',
  text: 'What happened?',
  log: 'Log number',
  place: 'Place',
  happened: 'When it happened',
  more: 'Place, time, log number, people and links',
  people: 'People spoken of',
  vehicles: 'Vehicles spoken of',
  links: 'References of other records',
  officers: 'Other officers there',
  photos: 'Photos',
  addPhoto: 'Add a photo',
  save: 'Sign and submit',
};

/** A full disk where nothing was typed that could be on the screen. */
export const noRoom = {
  record:
    'There is no room for a new record. What was saved is safe. Free some space, then try again.',
  photo:
    'There is no room for this photo. What was saved is safe, and words can still be written. Free some space, then add it again.',
};

export const photo = {
  title: 'Photo',
  hint: 'It goes into Beatbook, not into the gallery.',
  take: 'Take a photo',
  again: 'Choose another photo',
  preview: 'The photo you chose',
  caption: 'Caption or exhibit mark',
  for: 'Which record does it belong to?',
  newNote: 'A new note',
  draft: (kind: string, place: string) => `Unfinished ${kind}${place ? `, ${place}` : ''}`,
  add: 'Add photo',
  done: 'Photo added',
  doneHint: 'The words go first, then photos. You can go on at once.',
  another: 'Take another',
  home: 'Done',
  states: {
    saved: (device: Device) => `On this ${device}`,
    sending: (percent: number) => `Sending ${percent}%`,
    received: 'Received',
    elsewhere: 'On another device',
  },
  none: 'No caption',
  show: (caption: string) => `Show photo: ${caption}`,
};

export const discard = {
  title: 'Discard this?',
  hint: 'The reference stays used. You can undo it for 10 seconds, and later from the menu.',
  search_not_made: 'Search not made',
  opened_by_mistake: 'Opened by mistake',
  keep: 'Keep it',
  done: (reference: string) => `${reference} discarded.`,
  kept: 'Kept as unfinished.',
  undo: 'Undo',
};
