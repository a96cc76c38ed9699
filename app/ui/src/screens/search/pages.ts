/** The pages of a stop and search, and which fields each asks for. */
import { fieldName, text } from '../../lib/fields';
import type { Form } from '../../lib/form';
import type { FieldMap, ProblemView } from '../../lib/ipc/bindings';
import { m } from '../../lib/messages';

export const PAGES = [
  'where',
  'object',
  'said',
  'grounds',
  'who',
  'what',
  'video',
  'copy',
  'check',
] as const;
export type Page = (typeof PAGES)[number];

/** What every page is given. */
export interface PageProps {
  draft: Form;
  /** Goes on: to the next page, or back to the check if that is where the officer came from. */
  next: () => void;
  /** The words of a field's problem, once the officer has tried to submit. */
  problem: (field: string) => string;
  /** What follows the page in the address: a field to stand on, or a page within the page. */
  part: string;
  /** The address of a page within the page. */
  inner: (part: string) => string;
}

/** The pages that this search has. Nobody is with an unattended vehicle: nothing is said to anybody,
 * and a notice stands for the copy (PACE 1984 s.2(6), Code A 4.8). */
export const pagesOf = (fields: FieldMap): readonly Page[] =>
  unattended(fields) ? PAGES.filter((page) => page !== 'said' && page !== 'copy') : PAGES;

export const isPage = (name: string): name is Page => (PAGES as readonly string[]).includes(name);

const PAGE_OF: Record<string, Page> = {
  searched_at: 'where',
  not_on_spot_reason: 'where',
  subject: 'where',
  place_text: 'where',
  place_lat_e7: 'where',
  place_lon_e7: 'where',
  place_later: 'where',
  object: 'object',
  power: 'object',
  gowisely: 'said',
  grounds: 'grounds',
  authorisation: 'grounds',
  video: 'video',
  video_reason: 'video',
  copy: 'copy',
  copy_reason: 'copy',
};

const ON_WHAT =
  /^(searched_by|extent|appropriate|face|found|exhibit|weapon|outcome|force|handcuffs|custody|crime|notice|left|damage|incident|operation|officers|officer_safety|identity)/;

/** The page on which a field is asked for. */
export function pageOf(field: string): Page {
  return PAGE_OF[field] ?? (ON_WHAT.test(field) ? 'what' : 'who');
}

/** A problem as the summary says it. */
export function problemWords({ field, code }: ProblemView): string {
  const name = fieldName(field);
  switch (code) {
    case 'missing':
      return m.problems.missing[field] ?? m.problems.other(name);
    case 'too_long':
      return m.problems.too_long(name);
    case 'unknown_code':
      return m.problems.unknown_code(name);
    case 'not_a_time':
      return field === 'birth_date' ? m.problems.not_a_day(name) : m.problems.not_a_time(name);
    case 'out_of_range':
      return m.problems.out_of_range(name);
    default:
      return m.problems.other(name);
  }
}

const subject = (fields: FieldMap) => text(fields, 'subject');
export const hasVehicle = (fields: FieldMap): boolean => subject(fields).includes('vehicle');
export const vehicleOnly = (fields: FieldMap): boolean =>
  subject(fields) === 'vehicle' || subject(fields) === 'unattended_vehicle';
export const unattended = (fields: FieldMap): boolean => subject(fields) === 'unattended_vehicle';
