/** Drafts of the fake, from the first touch to the signature. */
import type { FieldMap } from '../bindings';
import { draftView } from './drafts';
import type { Handlers } from './handlers';
import { fault, submit } from './submit';
import type { World } from './world';

type Capture =
  | 'draft_new'
  | 'draft'
  | 'draft_set'
  | 'draft_undo'
  | 'draft_discard'
  | 'draft_restore'
  | 'draft_submit';

/** What the people of one encounter have in common, and never anything about one of them. */
const SHARED = ['place_text', 'object', 'power', 'authorisation', 'vehicle_plate', 'video'];

const filled = (fields: FieldMap): FieldMap =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));

export function capture(world: World): Pick<Handlers, Capture> {
  const view = (id: string) => draftView(world.open(id), world.drafts);

  return {
    draft_new: ({ kind, copyOf }) => {
      const draft = world.begun(Date.now());
      draft.kind = kind;
      draft.reference = `BB20-${draft.id.toUpperCase().slice(0, 4)}-81TX`;
      if (['none', 'refused'].includes(world.query.get('place') ?? ''))
        draft.fields = { searched_at: Date.now(), subject: 'person' };
      else delete draft.fields['place_text'];
      if (kind === 'note') draft.fields = { happened_at: Date.now() };
      draft.fields['encounter'] = `encounter-${draft.id}`;
      const source = copyOf
        ? (world.drafts.find((it) => it.id === copyOf) ?? world.one(copyOf)).fields
        : {};
      for (const key of [...SHARED, 'encounter']) {
        if (source[key]) draft.fields[key] = source[key];
      }
      world.drafts.unshift(draft);
      world.tell('drafts');
      return view(draft.id);
    },
    draft: ({ id }) => view(id),
    draft_set: ({ id, fields, page }) => {
      const draft = world.open(id);
      const before = Object.fromEntries(
        Object.keys(fields).map((key) => [key, draft.fields[key] ?? null]),
      );
      if (Object.keys(before).length > 0) draft.steps = [...draft.steps, before];
      draft.fields = filled({ ...draft.fields, ...fields });
      draft.page = page ?? draft.page;
      draft.savedAt = Date.now();
      world.tell('drafts');
      return view(id);
    },
    draft_undo: ({ id }) => {
      const draft = world.open(id);
      draft.fields = filled({ ...draft.fields, ...draft.steps.at(-1) });
      draft.steps = draft.steps.slice(0, -1);
      return view(id);
    },
    draft_discard: ({ id }) => {
      world.open(id).discarded = true;
      world.tell('drafts');
      return null;
    },
    draft_restore: ({ id }) => {
      const draft = world.drafts.find((it) => it.id === id);
      if (!draft) throw fault('not_found');
      draft.discarded = false;
      world.tell('drafts');
      return view(id);
    },
    draft_submit: ({ id }) => submit(world, id),
  };
}
