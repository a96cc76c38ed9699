/** The reasons of a decision: codes of the force's list, and the answers that are meant. */
import { fieldName, labelOf } from './fields';
import type { ListsView } from './ipc/bindings';

const MARK = 'field:';

/** The answers that a reason is usually about; the reviewer adds and takes away. */
const ABOUT: Record<string, readonly string[]> = {
  grounds: ['grounds'],
  power_object: ['power', 'object'],
  ethnicity: ['self_ethnicity', 'officer_ethnicity'],
  outcome: ['outcome'],
  video: ['video'],
  copy: ['copy'],
  extent: ['extent'],
  authorisation: ['authorisation'],
};

export const about = (code: string): readonly string[] => ABOUT[code] ?? [];

export const codesIn = (reasons: readonly string[]) => reasons.filter((it) => !it.startsWith(MARK));

export const fieldsIn = (reasons: readonly string[]) =>
  reasons.filter((it) => it.startsWith(MARK)).map((it) => it.slice(MARK.length));

/** All of them as words, the codes first. */
export const reasonWords = (lists: ListsView | null, reasons: readonly string[]) => [
  ...codesIn(reasons).map((code) => labelOf(lists, 'return_reasons', code)),
  ...fieldsIn(reasons).map((key) => fieldName(key)),
];
