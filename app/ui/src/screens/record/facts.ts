/** The facts of a record as a grid of a few, and the rest as a list. */
import { bool, labelOf, number, rowTitle, text, valueWords } from '../../lib/fields';
import type { FieldMap, ListsView, RecordView } from '../../lib/ipc/bindings';
import { m } from '../../lib/messages';
import { coordinates, fullWhen } from '../../lib/words';

export interface Fact {
  name: string;
  lines: string[];
}

const joined = (...words: (string | null | undefined | false)[]) =>
  words.filter(Boolean).join(', ');

/** What people read for a coded field: the record's own label, else the list's. */
function label(view: RecordView, lists: ListsView | null, list: string, key: string): string {
  const code = text(view.fields, key);
  if (!code) return '';
  const known = labelOf(lists, list, code);
  return known !== code ? known : (view.labels[key] ?? code);
}

/** "Controlled drugs, person search". */
export function titleOf(view: RecordView): string {
  const { kind, title, subject } = view.row;
  if (kind === 'note') return rowTitle(kind, title || m.note.title);
  return m.record.both(title, m.record.personSearch[subject ?? 'person'] ?? m.search.name);
}

function where(view: RecordView): string[] {
  const { fields } = view;
  const lat = number(fields, 'place_lat_e7');
  const lon = number(fields, 'place_lon_e7');
  const accuracy = number(fields, 'place_accuracy_m');
  const place = text(fields, 'place_text');
  const lines = [place || (lat !== null && lon !== null ? coordinates(lat, lon) : m.notGiven)];
  if (accuracy !== null) lines.push(joined(m.record.within(accuracy), view.ward));
  else if (view.ward) lines.push(view.ward);
  return lines;
}

/** The six that a reviewer reads first. */
export function mainFacts(view: RecordView, lists: ListsView | null, now: number): Fact[] {
  const { fields } = view;
  const w = m.review.facts;
  const at = number(fields, 'searched_at') ?? number(fields, 'happened_at') ?? view.row.happenedAt;
  const when = { name: w.when, lines: [fullWhen(at, now)] };
  const place = { name: w.where, lines: where(view) };
  const get = (list: string, key: string) => label(view, lists, list, key);
  if (view.row.kind === 'note') {
    const kind = get('note_categories', 'category') || m.notGiven;
    return [when, place, { name: m.fields['category'] ?? '', lines: [kind] }];
  }
  const stated = get('self_ethnicities', 'self_ethnicity') || m.notGiven;
  const seen = get('officer_ethnicities', 'officer_ethnicity') || m.notGiven;
  const found = get('found', 'found');
  const result = get('outcomes', 'outcome');
  const outcome = found ? result.replace(/^./, (it) => it.toLowerCase()) : result;
  return [
    when,
    place,
    { name: w.power, lines: [get('powers', 'power') || m.notGiven] },
    {
      name: w.person,
      lines: [joined(get('sexes', 'sex'), get('age_bands', 'age_band')) || m.notGiven],
    },
    { name: w.ethnicity, lines: [m.review.stated(stated), m.review.officer(seen)] },
    { name: w.outcome, lines: [joined(found, outcome) || m.notGiven] },
  ];
}

/** Said in the grid, in the grounds, or kept by the app itself. */
const ELSEWHERE = new Set([
  'searched_at',
  'happened_at',
  'subject',
  'place_text',
  'power',
  'object',
  'grounds',
  'text',
  'category',
  'sex',
  'age_band',
  'self_ethnicity',
  'officer_ethnicity',
  'found',
  'outcome',
]);

/** Everything else that was recorded, in the order of the pages. */
export function otherFacts(view: RecordView, lists: ListsView | null, now: number): Fact[] {
  const keys = Object.keys(m.fields).filter((key) => !ELSEWHERE.has(key));
  return keys
    .filter((key) => isThere(view.fields, key))
    .map((key) => ({
      name: m.fields[key] ?? key,
      lines: [valueWords(lists, key, view.fields[key], now)],
    }));
}

const isThere = (fields: FieldMap, key: string): boolean =>
  text(fields, key) !== '' || number(fields, key) !== null || bool(fields, key) !== null;
