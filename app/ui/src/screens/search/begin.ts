/** Begins a stop and search: where there is a position, the first question is the object. */
import { number, text } from '../../lib/fields';
import { call } from '../../lib/ipc';
import type { DraftView } from '../../lib/ipc/bindings';
import { to } from '../../lib/route.svelte';
import { session } from '../../lib/session.svelte';

const hasPlace = (draft: DraftView): boolean =>
  number(draft.fields, 'place_lat_e7') !== null || text(draft.fields, 'place_text') !== '';

/** What the shift says already, so that nobody types it twice. */
async function withShift(draft: DraftView): Promise<DraftView> {
  const { partner, operation } = session.shift;
  const fields = {
    ...(partner ? { officers_present: partner } : {}),
    ...(operation ? { operation } : {}),
  };
  if (Object.keys(fields).length === 0) return draft;
  return call('draft_set', { id: draft.id, fields, page: null });
}

export async function newNote(): Promise<string> {
  const draft = await withShift(await call('draft_new', { kind: 'note', copyOf: null }));
  return to('note', draft.id);
}

export async function newSearch(): Promise<string> {
  const draft = await withShift(await call('draft_new', { kind: 'stop_search', copyOf: null }));
  return to('stop-search', draft.id, hasPlace(draft) ? 'object' : 'where');
}

/** Another person or vehicle of the same encounter, before this one is signed. */
export async function another(draft: string, grounds: string): Promise<string> {
  const made = await call('draft_new', { kind: 'stop_search', copyOf: draft });
  session.earlier = { draft: made.id, grounds };
  return to('stop-search', made.id, 'where');
}

/** Same again: place, object and power stand already; the grounds never do. */
export async function sameAgain(record: string): Promise<string> {
  const grounds = text((await call('record', { id: record })).fields, 'grounds');
  const draft = await call('draft_new', { kind: 'stop_search', copyOf: record });
  session.earlier = { draft: draft.id, grounds };
  return to('stop-search', draft.id, 'said');
}
