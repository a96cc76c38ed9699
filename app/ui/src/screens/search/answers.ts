/** The rows of "Check your answers": the law's items first, then what else was recorded. */
import { bool, codesOf, labelOf, number, text } from '../../lib/fields';
import type { AdviceView, FieldMap, ListsView } from '../../lib/ipc/bindings';
import { m } from '../../lib/messages';
import { coordinates, fullWhen } from '../../lib/words';
import { hasVehicle, pageOf, unattended, type Page } from './pages';

export interface Answer {
  name: string;
  /** The page it was given on, and the field to stand on there. */
  page: Page;
  field: string;
  value: string;
  /** A second line in lighter words. */
  line?: string;
  /** Advice on any of these fields stands in this row. */
  fields: string[];
}

type Label = (list: string, key: string) => string;

const labels =
  (lists: ListsView | null, fields: FieldMap): Label =>
  (list, key) => {
    const code = text(fields, key);
    if (!code) return '';
    const known = labelOf(lists, list, code);
    // A code that the list does not have any more is kept, and read as well as it can be.
    return known === code ? code.replaceAll('_', ' ') : known;
  };

const row = (
  name: string,
  field: string,
  value: string,
  more: { line?: string; also?: string[] } = {},
): Answer => ({
  name,
  page: pageOf(field),
  field,
  value: value || m.notGiven,
  ...(more.line ? { line: more.line } : {}),
  fields: [field, ...(more.also ?? [])],
});

const joined = (...words: (string | null | undefined)[]) => words.filter(Boolean).join(', ');

/** The seven items. */
export function required(
  fields: FieldMap,
  lists: ListsView | null,
  now: number,
  cover: string | null = null,
): Answer[] {
  const w = m.search.check.rows;
  const label = labels(lists, fields);
  const at = number(fields, 'searched_at');
  const lat = number(fields, 'place_lat_e7');
  const lon = number(fields, 'place_lon_e7');
  const accuracy = number(fields, 'place_accuracy_m');
  const power = codesOf(lists, 'powers').find((it) => it.code === text(fields, 'power'));
  const point = lat !== null && lon !== null ? coordinates(lat, lon) : '';
  const exact = point && accuracy !== null ? joined(point, m.record.within(accuracy)) : point;
  const place = text(fields, 'place_text');
  const view = label('officer_ethnicities', 'officer_ethnicity');
  const rows = [
    row(w.when, 'searched_at', at === null ? '' : fullWhen(at, now), {
      also: ['not_on_spot_reason'],
    }),
    row(w.where, 'place_text', place || exact, {
      line: place ? exact : '',
      also: ['place_lat_e7', 'place_lon_e7', 'place_accuracy_m', 'place_fix_at', 'place_source'],
    }),
    row(w.object, 'object', label('objects', 'object')),
    row(w.power, 'power', label('powers', 'power')),
    power?.suspicion === false
      ? row(
          power.basis === 'order' ? w.order : w.authorisation,
          'authorisation',
          text(fields, 'authorisation'),
          {
            line: cover ? labelOf(lists, 'authorisation_checks', cover) : '',
            also: ['authorisation_check'],
          },
        )
      : row(w.grounds, 'grounds', text(fields, 'grounds')),
  ];
  if (!unattended(fields)) {
    rows.push(
      row(w.ethnicity, 'self_ethnicity', label('self_ethnicities', 'self_ethnicity'), {
        line: view ? m.search.check.view(view) : '',
        also: ['officer_ethnicity'],
      }),
    );
  }
  rows.push(row(w.by, 'searched_by', text(fields, 'searched_by_label')));
  return rows;
}

/** What else was recorded; a blank is not hidden, it reads "Not given". */
export function also(fields: FieldMap, lists: ListsView | null): Answer[] {
  const w = m.search.check;
  const label = labels(lists, fields);
  const said = text(fields, 'gowisely');
  const rows: Answer[] = [];
  if (hasVehicle(fields)) {
    const vehicle = joined(text(fields, 'vehicle_plate'), text(fields, 'vehicle_description'));
    rows.push(row(w.rows.vehicle, 'vehicle_plate', vehicle));
  }
  if (!unattended(fields)) {
    const known = joined(label('sexes', 'sex'), label('age_bands', 'age_band'));
    const name = text(fields, 'name') ? w.named : w.noName;
    rows.push(
      row(w.rows.person, 'sex', known ? `${known}. ${name}` : name, {
        also: ['age_band', 'age', 'birth_date'],
      }),
    );
  }
  const outcome = joined(
    label('found', 'found'),
    label('outcomes', 'outcome').replace(/^./, (it) => it.toLowerCase()),
    bool(fields, 'force_used') ? w.force.toLowerCase() : '',
  );
  if (!unattended(fields)) {
    const where = label('extent_places', 'extent_place');
    rows.push(
      row(w.rows.search, 'extent', label('extents', 'extent'), {
        line: where,
        also: FURTHER,
      }),
    );
  }
  rows.push(
    row(
      w.rows.outcome,
      'outcome',
      outcome.replace(/^./, (it) => it.toUpperCase()),
      { line: text(fields, 'found_what'), also: OUTCOME },
    ),
  );
  const video = row(
    w.rows.video,
    'video',
    text(fields, 'video') || label('video_reasons', 'video_reason'),
    { also: ['video_reason'] },
  );
  if (unattended(fields)) {
    rows.push(
      row(w.rows.notice, 'notice', label('notices', 'notice'), { also: ['left_secure'] }),
      video,
    );
  } else {
    rows.push(
      row(w.rows.said, 'gowisely', said === 'GOWISELY' ? w.saidAll : said && w.saidSome(said)),
      video,
      row(w.rows.copy, 'copy', label('copy_given', 'copy'), { also: ['copy_reason'] }),
    );
  }
  rows.push(row(w.rows.besides, 'officers_present', besides(fields), { also: BESIDES }));
  return rows;
}

const OUTCOME = [
  'found',
  'found_what',
  'exhibit',
  'weapon_found',
  'outcome_linked',
  'force_used',
  'handcuffs',
  'force_reference',
];
const FURTHER = [
  'extent_reason',
  'extent_place',
  'extent_officer_sex',
  'extent_opposite_sex',
  'extent_headgear_only',
  'extent_supervisor',
  'appropriate_adult',
  'appropriate_adult_reason',
  'face_covering_removed',
];
const BESIDES = [
  'damage',
  'incident_log',
  'operation',
  'custody_reference',
  'crime_reference',
  'officer_safety',
  'identity_protected',
  'identity_reason',
];

/** What few searches have, in one line. */
function besides(fields: FieldMap): string {
  const w = m.search.what;
  return joined(
    text(fields, 'officers_present'),
    text(fields, 'damage'),
    text(fields, 'incident_log'),
    text(fields, 'custody_reference'),
    text(fields, 'crime_reference'),
    text(fields, 'operation'),
    bool(fields, 'officer_safety') ? w.safety : '',
    bool(fields, 'identity_protected') ? w.protect : '',
  );
}

/** Advice that belongs to none of the rows. */
export function otherAdvice(
  answers: readonly Answer[],
  advice: readonly AdviceView[],
): readonly AdviceView[] {
  return advice.filter((it) => !answers.some((answer) => answer.fields.includes(it.field)));
}

/** The advice that belongs to a row. */
export function adviceOf(answer: Answer, advice: readonly AdviceView[]): string[] {
  return advice
    .filter((it) => answer.fields.includes(it.field))
    .map((it) => m.advice[it.code]?.(it.phrase ?? '') ?? '')
    .filter(Boolean);
}
