/** Submitting in the fake, and the receipt that follows. */
import type { ReceiptView } from '../bindings';
import { draftView, squares } from './drafts';
import { labelIn } from './lists';
import { HOUR, line, rowOf, state, type Stored } from './stored';
import type { World } from './world';

export const fault = (code: string, more: object = {}) => ({
  code,
  field: null,
  triesLeft: null,
  thenWaitMs: null,
  waitUntil: null,
  details: null,
  ...more,
});

export function receipt(world: World, it: Stored): ReceiptView {
  const until = new Date(rowOf(it, true).happenedAt);
  until.setMonth(until.getMonth() + 3);
  return {
    recordId: it.id,
    reference: it.reference,
    officer: it.fields['identity_protected'] ? '4417' : it.officer,
    station: world.person.station,
    power: labelIn('powers', it.fields['power']),
    object: labelIn('objects', it.fields['object']),
    searchedAt: rowOf(it, true).happenedAt,
    place: String(it.fields['place_text'] ?? ''),
    copyUntil: until.toISOString().slice(0, 10),
    qr: squares(),
    url: `https://beatbook.west.example/r/${it.reference}`,
    identityProtected: it.fields['identity_protected'] === true,
    copy: it.fields['copy'] ? String(it.fields['copy']) : null,
  };
}

export function submit(world: World, id: string): ReceiptView | null {
  const draft = world.open(id);
  const [problem] = draftView(draft).problems;
  if (problem) throw fault('problems', { field: problem.field });
  const { fields } = draft;
  const note = draft.kind === 'note';
  const now = Date.now();
  const it: Stored = {
    id,
    reference: draft.reference,
    kind: note ? 'note' : 'stop_search',
    title: note
      ? (String(fields['text'])
          .split(/[.,\n]/)[0]
          ?.slice(0, 40) ?? '')
      : labelIn('objects', fields['object']),
    officer: world.person.label,
    fields: { ...fields },
    delivery: state('saved', now),
    review: null,
    shown: 'delivery',
    photos: draft.photos,
    addenda: [],
    conflicts: [],
    timeline: [
      line('written', world.person.label, now),
      line('submitted', world.person.label, now),
    ],
    versions: [fields],
    heads: [`${id}-1`],
    dueAt: now + 48 * HOUR,
    flags: [],
    shared: [],
    held: null,
    begun: {},
  };
  world.records.unshift(it);
  world.drafts = world.drafts.filter((it) => it.id !== id);
  if (world.link === 'connected') world.send(it);
  world.tell('records');
  return note ? null : receipt(world, it);
}
