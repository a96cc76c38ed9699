/** Fields of a record: which list a code comes from, and what people read for a value. */
import type { CodeView, FieldMap, FieldValue, ListsView } from './ipc/bindings';
import { m } from './messages';
import { dateWords, fullWhen } from './words';

/** The code list of each coded field. */
const LIST_OF: Record<string, string> = {
  subject: 'subjects',
  object: 'objects',
  power: 'powers',
  sex: 'sexes',
  age_band: 'age_bands',
  self_ethnicity: 'self_ethnicities',
  officer_ethnicity: 'officer_ethnicities',
  extent: 'extents',
  extent_place: 'extent_places',
  extent_officer_sex: 'sexes',
  found: 'found',
  outcome: 'outcomes',
  handcuffs: 'handcuffs',
  copy: 'copy_given',
  video_reason: 'video_reasons',
  category: 'note_categories',
  perceived_sex: 'sexes',
  age_basis: 'age_bases',
  ethnicity_reason: 'ethnicity_reasons',
  notice: 'notices',
  identity_reason: 'identity_reasons',
  authorisation_check: 'authorisation_checks',
  place_source: 'place_sources',
};

const TIMES = new Set([
  'searched_at',
  'started_at',
  'completed_at',
  'gowisely_at',
  'happened_at',
  'place_fix_at',
]);

/** Kept by the app itself or said in another line; lists of facts leave them out. */
const SILENT = new Set([
  'started_at',
  'completed_at',
  'gowisely_at',
  'searched_by',
  'recorded_by',
  'reference',
  'place_lat_e7',
  'place_lon_e7',
  'place_accuracy_m',
  'place_fix_at',
  'encounter',
  'receipt_hash',
]);

export const text = (fields: FieldMap, key: string): string => {
  const value = fields[key];
  return typeof value === 'string' ? value : '';
};

export const number = (fields: FieldMap, key: string): number | null => {
  const value = fields[key];
  return typeof value === 'number' ? value : null;
};

export const bool = (fields: FieldMap, key: string): boolean | null => {
  const value = fields[key];
  return typeof value === 'boolean' ? value : null;
};

export function codesOf(lists: ListsView | null, name: string): CodeView[] {
  return lists?.lists.find((list) => list.name === name)?.codes ?? [];
}

/** What people read for a code of a list; the code itself if the list does not have it. */
export function labelOf(lists: ListsView | null, list: string, code: string): string {
  const found = codesOf(lists, list).find((it) => it.code === code);
  if (!found) return code;
  // "Caribbean" alone says little away from its group.
  return list === 'self_ethnicities' && found.group && found.group !== found.label
    ? `${found.group}, ${found.label}`
    : found.label;
}

export const fieldName = (key: string): string => m.fields[key] ?? key.replaceAll('_', ' ');

/** What people read for a value. */
export function valueWords(
  lists: ListsView | null,
  key: string,
  value: FieldValue | null | undefined,
  now: number,
): string {
  if (value === null || value === undefined || value === '') return m.notGiven;
  if (typeof value === 'boolean') return value ? m.yes : m.no;
  if (TIMES.has(key) && typeof value === 'number') return fullWhen(value, now);
  if (typeof value === 'number') return String(value);
  const list = LIST_OF[key];
  if (list) return labelOf(lists, list, value);
  return key === 'birth_date' ? dateWords(value) : value;
}

/** What there is to read of a state of a record, in the order of the pages. */
export function allFields(fields: FieldMap): string[] {
  return changedFields({}, fields);
}

/** The fields that differ between two states of a record, in the order of the pages. */
export function changedFields(before: FieldMap, after: FieldMap): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return Object.keys(m.fields)
    .concat([...keys].filter((key) => !(key in m.fields)).sort())
    .filter((key) => keys.has(key) && !SILENT.has(key))
    .filter((key) => (before[key] ?? null) !== (after[key] ?? null));
}

/** "Note: Incident attended"; a search is known by its object. */
export function rowTitle(kind: string, title: string): string {
  // Without a title it is one that may not be read here now.
  if (!title) return kind === 'note' ? m.note.title : m.search.name;
  return kind === 'note' && title !== m.note.title ? m.note.titled(title) : title;
}

/** "Person, Soho Road": what and where, never who. */
export function rowLine(subject: string | null, place: string | null, photos: number): string {
  const parts = [subject ? m.subjects[subject] : null, place].filter(Boolean);
  if (photos > 0) parts.push(m.photos(photos));
  return parts.join(', ');
}
