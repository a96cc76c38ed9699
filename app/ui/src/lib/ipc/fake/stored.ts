/** What the fake keeps of a record, and how one is made up. */
import type {
  ConflictView,
  AddendumView,
  FieldMap,
  HeldView,
  PhotoView,
  RecordRow,
  StateView,
  TimelineView,
} from '../bindings';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** What the fake keeps of a record. */
export interface Stored {
  id: string;
  reference: string;
  kind: 'stop_search' | 'note';
  title: string;
  officer: string;
  fields: FieldMap;
  delivery: StateView;
  review: StateView | null;
  shown: 'delivery' | 'review';
  photos: PhotoView[];
  addenda: AddendumView[];
  conflicts: ConflictView[];
  timeline: TimelineView[];
  versions: FieldMap[];
  heads: string[];
  dueAt: number;
  flags: string[];
  shared: string[];
  held: HeldView | null;
  begun: Record<string, FieldMap>;
}

export const state = (code: string, at: number | null = null, more: Partial<StateView> = {}) => ({
  code,
  at,
  by: null,
  photos: null,
  reason: null,
  ...more,
});

export const line = (
  code: string,
  by: string | null,
  at: number,
  more: Partial<TimelineView> = {},
): TimelineView => ({
  code,
  by,
  deviceTime: at,
  serverTime: null,
  device: '4f2a91bc',
  here: false,
  version: null,
  text: null,
  reasons: [],
  accepted: false,
  ...more,
});

export function photo(id: string, caption: string, at: number, how: string): PhotoView {
  return {
    id,
    sha256: id.padEnd(64, '3b9f'),
    caption,
    bytes: 4_800_000,
    takenAt: at,
    state: how,
    sent: how === 'sending' ? 3_072_000 : 0,
    preview: how !== 'elsewhere',
  };
}

export const PATEL = 'PC 4417 Patel';
export const OKORO = 'PC 5120 Okoro';

export const search = (
  at: number,
  officer: string,
  place: string,
  more: FieldMap = {},
): FieldMap => ({
  searched_at: at,
  started_at: at,
  subject: 'person',
  place_text: place,
  place_lat_e7: 525_093_100,
  place_lon_e7: -19_340_200,
  place_accuracy_m: 8,
  object: 'controlled_drugs',
  power: 'mda_s23',
  grounds:
    'Seen passing a small bag to a driver and taking cash, then put his hand in his waistband when he saw us.',
  gowisely: 'GOWISELY',
  gowisely_at: at,
  sex: 'male',
  age_band: '18_24',
  self_ethnicity: 'B1',
  officer_ethnicity: 'IC3',
  extent: 'jog',
  found: 'nothing',
  outcome: 'no_further_action',
  force_used: false,
  video: '4417-A',
  copy: 'qr',
  searched_by_label: officer,
  recorded_by_label: officer,
  station: 'Thornhill Road',
  ...more,
});

export const note = (at: number, place: string, words: string): FieldMap => ({
  happened_at: at,
  place_text: place,
  text: words,
  category: 'incident',
  recorded_by_label: PATEL,
});

export function stored(
  id: string,
  kind: Stored['kind'],
  title: string,
  fields: FieldMap,
  delivery: StateView,
  more: Partial<Stored> = {},
): Stored {
  const at = Number(fields['searched_at'] ?? fields['happened_at']);
  const officer = String(fields['recorded_by_label']);
  const received = delivery.code.startsWith('received');
  const known = received ? { accepted: true, serverTime: at + MINUTE } : {};
  return {
    id,
    reference: `BB20-${id.toUpperCase().padEnd(4, 'K').slice(0, 4)}-29QX`,
    kind,
    title,
    officer,
    fields,
    delivery,
    review: received ? state('submitted', at + MINUTE) : null,
    shown: 'delivery',
    photos: [],
    addenda: [],
    conflicts: [],
    timeline: [
      line('written', officer, at, known),
      line('submitted', officer, at + MINUTE, known),
      ...(received ? [line('received', null, at + MINUTE, known)] : []),
    ],
    versions: [fields],
    heads: [`${id}-1`],
    dueAt: at + 48 * HOUR,
    flags: [],
    shared: [],
    held: null,
    begun: {},
    ...more,
  };
}

export const rowOf = (it: Stored, own: boolean): RecordRow => ({
  id: it.id,
  kind: it.kind,
  title: it.title,
  subject: it.kind === 'note' ? null : String(it.fields['subject'] ?? 'person'),
  place: it.fields['place_text'] ? String(it.fields['place_text']) : null,
  photos: it.photos.length,
  officer: own ? null : it.officer,
  happenedAt: Number(it.fields['searched_at'] ?? it.fields['happened_at']),
  delivery: it.delivery,
  review: it.review,
  shown: it.shown,
});
