/** The fields of a record in the order and the words of the sheet. */
import type { ConsoleRecordDetail } from './api.ts';
import { full } from './time.ts';

export interface Fact {
  readonly key: string;
  readonly label: string;
  readonly value: string;
}

/** Not here: what the sheet shows elsewhere, such as the place, the times and the grounds. */
const LABELS: readonly (readonly [key: string, label: string])[] = [
  ['category', 'Kind of note'],
  ['people', 'People spoken of'],
  ['vehicles', 'Vehicles spoken of'],
  ['linked_records', 'Records spoken of'],
  ['subject', 'Searched'],
  ['place_later', 'Place, put right later'],
  ['place_source', 'Position from'],
  ['object', 'Looking for'],
  ['power', 'Power'],
  ['authorisation', 'Authorisation'],
  ['authorisation_check', 'Place and time against it'],
  ['face_covering_removed', 'Face covering removed'],
  ['outcome', 'Outcome'],
  ['outcome_linked', 'Outcome linked to the object'],
  ['found', 'Found'],
  ['found_what', 'What was found'],
  ['exhibit', 'Exhibit marks'],
  ['weapon_found', 'Weapon found'],
  ['name', 'Name'],
  ['sex', 'Sex'],
  ['perceived_sex', 'Sex, officer’s view'],
  ['age_band', 'Age'],
  ['age', 'Age in years'],
  ['age_basis', 'How the age is known'],
  ['birth_date', 'Date of birth'],
  ['self_ethnicity', 'Ethnicity, their own words'],
  ['ethnicity_reason', 'Why it was not stated'],
  ['officer_ethnicity', 'Ethnicity, officer’s view'],
  ['address', 'Address'],
  ['description', 'Description'],
  ['vehicle_plate', 'Vehicle'],
  ['vehicle_description', 'Vehicle description'],
  ['notice', 'Notice left with the vehicle'],
  ['notice_reason', 'Why not inside'],
  ['left_secure', 'Vehicle left secure'],
  ['damage', 'Injury or damage'],
  ['extent', 'How far the search went'],
  ['extent_reason', 'Why it went further'],
  ['extent_headgear_only', 'Headgear or footwear only'],
  ['extent_place', 'Where that was done'],
  ['extent_officer_sex', 'Sex of the officer who did it'],
  ['extent_opposite_sex', 'Somebody of the other sex there'],
  ['extent_supervisor', 'Supervisor asked'],
  ['appropriate_adult', 'Appropriate adult'],
  ['appropriate_adult_reason', 'Why no appropriate adult'],
  ['force_used', 'Force used'],
  ['handcuffs', 'Handcuffs'],
  ['force_reference', 'Use of force form'],
  ['video', 'Video'],
  ['video_reason', 'Why no video'],
  ['copy', 'Copy of the record'],
  ['copy_reason', 'Why no copy'],
  ['gowisely', 'Said before the search'],
  ['custody_reference', 'Custody reference'],
  ['crime_reference', 'Crime reference'],
  ['searched_by_label', 'Searched by'],
  ['recorded_by_label', 'Recorded by'],
  ['officers_present', 'Other officers there'],
  ['identity_protected', 'Officer’s name withheld'],
  ['identity_reason', 'Why it is withheld'],
  ['station', 'Station'],
  ['started_at', 'Started'],
  ['completed_at', 'Completed'],
  ['not_on_spot_reason', 'Why not recorded on the spot'],
];

/** Shown in places of their own, or ids that say nothing to people. */
const ELSEWHERE = new Set([
  'searched_at',
  'happened_at',
  'place_text',
  'place_lat_e7',
  'place_lon_e7',
  'place_accuracy_m',
  'grounds',
  'text',
  'officer_safety',
  'officer_safety_text',
  'incident_log',
  'operation',
  'searched_by',
  'recorded_by',
  'gowisely_at',
  'gowisely_times',
  'encounter',
  'receipt_hash',
  'place_fix_at',
  'linked_record',
]);

/** Every fact that was given. Fields this page does not know come last, under their own names. */
export function facts(detail: ConsoleRecordDetail): Fact[] {
  const known = LABELS.filter(([key]) => key in detail.fields).map(([key, label]) =>
    fact(detail, key, label),
  );
  const unknown = Object.keys(detail.fields)
    .filter((key) => !ELSEWHERE.has(key) && !LABELS.some(([name]) => name === key))
    .sort()
    .map((key) => fact(detail, key, fieldLabel(key)));
  return [...known, ...unknown];
}

/** The words for a field's name. */
export function fieldLabel(key: string): string {
  const known = LABELS.find(([name]) => name === key);
  if (known) return known[1];
  const plain = key.replaceAll('_', ' ');
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}

/** A value in words: text, number or boolean, as the server keeps them; nothing for others. */
export function valueWords(key: string, value: unknown): string {
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (typeof value === 'number') return key.endsWith('_at') ? full(value) : String(value);
  return typeof value === 'string' ? value : '';
}

/** The text of a field that holds prose, or null. */
export function prose(detail: ConsoleRecordDetail, key: string): string | null {
  const value = detail.fields[key];
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}

function fact(detail: ConsoleRecordDetail, key: string, label: string): Fact {
  const value = detail.fields[key];
  return {
    key,
    label,
    value: detail.labels[key] ?? valueWords(key, value),
  };
}
