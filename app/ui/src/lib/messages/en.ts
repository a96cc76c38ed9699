/** All words of the app in British English. */
import * as advice from './en/advice';
import * as around from './en/around';
import * as capture from './en/capture';
import * as codes from './en/codes';
import { fields } from './en/fields';
import * as reading from './en/reading';
import * as start from './en/start';
import * as team from './en/team';
import * as time from './en/time';

const { plural } = codes;

export const en = {
  app: 'Beatbook',
  yes: 'Yes',
  no: 'No',
  notGiven: 'Not given',
  continue: 'Continue',
  close: 'Close',
  cancel: 'Cancel',
  searchRecords: 'Search records',
  menuName: 'Menu',
  details: 'Details',
  problem: 'There is a problem',
  again: 'Try again',
  save: 'Save',
  photos: (n: number) => plural(n, 'photo', 'photos'),
  time,

  start: start.start,
  unlock: start.unlock,
  recover: start.recover,
  spool: start.spool,

  states: codes.states,
  errors: codes.errors,
  refusals: codes.refusals,
  refusalOther: codes.refusalOther,
  heldBecause: codes.heldBecause,
  keptOut: reading.keptOut,
  problems: codes.problems,
  advice: advice.advice,
  reviewAdvice: advice.reviewAdvice,
  checks: codes.checks,
  flags: codes.flags,

  subjects: {
    person: 'Person',
    vehicle: 'Vehicle',
    person_and_vehicle: 'Person and vehicle',
    unattended_vehicle: 'Unattended vehicle',
  } as Record<string, string>,

  fields,

  search: capture.search,
  map: around.map,
  receipt: around.receipt,
  note: around.note,
  photo: around.photo,
  noRoom: around.noRoom,
  discard: around.discard,
  home: reading.home,
  strip: reading.strip,
  sending: reading.sending,
  record: reading.record,
  edit: reading.edit,
  linked: reading.linked,
  held: team.held,
  share: team.share,
  tasks: team.tasks,
  signAgain: team.again,
  conflict: reading.conflict,
  find: reading.find,
  review: team.review,
  patterns: team.patterns,
  sample: team.sample,
  menu: team.menu,

  shortcuts: {
    title: 'Keyboard shortcuts',
    list: [
      ['/', 'Search'],
      ['j, k', 'Next, previous'],
      ['Enter', 'Open'],
      ['a', 'Approve'],
      ['r', 'Return'],
      ['1 to 9', 'Choose an option'],
      ['Ctrl and Enter', 'The main button'],
      ['Esc', 'Close, or go back'],
      ['?', 'This list'],
    ] as const,
  },
};
