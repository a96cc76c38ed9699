/** Drafts of the fake: the same questions as the core asks, in their simplest form. */
import type { AdviceView, DraftView, FieldMap, ProblemView } from '../bindings';
import { asked } from './asked';
import { labelIn, lists, powerBasis } from './lists';

export interface StoredDraft {
  id: string;
  kind: string;
  reference: string;
  fields: FieldMap;
  page: string | null;
  startedAt: number;
  savedAt: number;
  photos: DraftView['photos'];
  discarded: boolean;
  /** What each step replaced, newest last. */
  steps: FieldMap[];
}

const blank = (fields: FieldMap, key: string) => !fields[key];

function missing({ kind, fields }: StoredDraft): ProblemView[] {
  const problem = (field: string) => ({ field, code: 'missing' });
  if (kind === 'note') return blank(fields, 'text') ? [problem('text')] : [];
  const vehicle = ['vehicle', 'unattended_vehicle'].includes(String(fields['subject']));
  const wanted = ['searched_at', 'place_text'];
  if (!vehicle) wanted.push('self_ethnicity');
  wanted.push('object', powerBasis(fields['power']) === 'grounds' ? 'grounds' : 'authorisation');
  return wanted
    .filter((key) => blank(fields, key))
    .filter((key) => key !== 'place_text' || blank(fields, 'place_lat_e7'))
    .map(problem);
}

function advised({ kind, fields }: StoredDraft): AdviceView[] {
  if (kind === 'note') return [];
  const advice: AdviceView[] = [];
  const grounds = String(fields['grounds'] ?? '').toLowerCase();
  const hint = lists.hints.find((it) => grounds.includes(it.phrase));
  if (hint) advice.push({ field: 'grounds', code: hint.code, phrase: hint.phrase });
  if (!blank(fields, 'self_ethnicity') && blank(fields, 'officer_ethnicity')) {
    advice.push({ field: 'officer_ethnicity', code: 'officer_view_missing', phrase: null });
  }
  if (blank(fields, 'video') && blank(fields, 'video_reason')) {
    advice.push({ field: 'video', code: 'no_video', phrase: null });
  }
  return advice;
}

export function draftView(draft: StoredDraft, others: StoredDraft[] = []): DraftView {
  const problems = missing(draft);
  const of = draft.kind === 'note' ? 1 : 7;
  const lost = problems.reduce((sum, it) => sum + (it.field === 'searched_at' ? 2 : 1), 0);
  return {
    id: draft.id,
    kind: draft.kind,
    reference: draft.reference,
    fields: { ...draft.fields },
    photos: draft.photos,
    required: { done: of - lost, of },
    problems,
    advice: advised(draft),
    savedAt: draft.savedAt,
    page: draft.page,
    basis: powerBasis(draft.fields['power']),
    asks: asked(draft.kind, draft.fields),
    governing: null,
    cover: draft.fields['authorisation'] ? 'inside' : null,
    grid: blank(draft.fields, 'place_lat_e7') ? null : 'SP 0512 8897',
    ward: blank(draft.fields, 'place_lat_e7')
      ? null
      : { code: 'E05011165', name: 'Soho & Jewellery Quarter', district: 'Birmingham' },
    encounter: others
      .filter((it) => it.id !== draft.id && it.fields['encounter'] && !it.discarded)
      .filter((it) => it.fields['encounter'] === draft.fields['encounter'])
      .map((it) => ({
        id: it.id,
        draft: true,
        kind: it.kind,
        title: labelIn('objects', it.fields['object']),
        subject: String(it.fields['subject'] ?? 'person'),
        at: it.startedAt,
      })),
    canUndo: draft.steps.length > 0,
  };
}

/** A picture that looks like a QR code and says nothing: the real one comes from the core. */
export function squares(): string[] {
  const size = 29;
  const corner = (x: number, y: number) => {
    const near = [
      [0, 0],
      [size - 7, 0],
      [0, size - 7],
    ].find(([cx = 0, cy = 0]) => x >= cx && x < cx + 7 && y >= cy && y < cy + 7);
    if (!near) return null;
    const [cx = 0, cy = 0] = near;
    const far = Math.max(Math.abs(x - cx - 3), Math.abs(y - cy - 3));
    return far !== 2;
  };
  const noise = (x: number, y: number) => (x * 7 + y * 13 + x * y * 3 + (x ^ y) * 5) % 11 < 5;
  return Array.from({ length: size }, (_, y) =>
    Array.from({ length: size }, (_, x) => ((corner(x, y) ?? noise(x, y)) ? '1' : '0')).join(''),
  );
}
