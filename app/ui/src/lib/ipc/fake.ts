/**
 * A host in memory, for making and testing screens in a plain browser. It answers as the core
 * does, on a made-up shift; it is left out of the production build.
 */
import { changedFields } from '../fields';
import type { FieldMap, PhotoView } from './bindings';
import type { Host } from './index';
import { draftView } from './fake/drafts';
import { lists } from './fake/lists';
import { HOUR, line, rowOf, state, type Stored } from './fake/stored';
import type { Handlers } from './fake/handlers';
import { start } from './fake/start';
import { fault, receipt, submit } from './fake/submit';
import { team } from './fake/team';
import { World } from './fake/world';

const HERE: Record<string, string> = {
  approve: 'approved_here',
  return: 'returned_here',
  escalate: 'escalated_here',
};
const DONE: Record<string, string> = {
  approve: 'approved',
  return: 'returned',
  escalate: 'escalated',
};

export function makeFake(world = new World()): Host & { world: World } {
  function edited(it: Stored, code: string, text: string | null) {
    it.versions = [...it.versions, it.fields];
    it.heads = [`${it.id}-${it.versions.length}`];
    it.delivery = state('saved', Date.now());
    it.timeline = [...it.timeline, line(code, world.person.label, Date.now(), { text })];
    if (world.link === 'connected') world.send(it);
    world.tell('records');
    return world.view(it);
  }

  const handlers: Handlers = {
    ...start(world),
    ...team(world),
    lock: () => {
      world.app = { ...world.app, state: 'locked' };
      world.tell('lock');
      return null;
    },
    home: () => ({
      person: world.person,
      status: world.status(),
      drafts: world.drafts
        .filter((it) => !it.discarded)
        .map((it) => ({
          id: it.id,
          kind: it.kind,
          place: it.fields['place_text'] ? String(it.fields['place_text']) : null,
          startedAt: it.startedAt,
          required: draftView(it).required,
        })),
      todo: world.todo(),
      records: world.records.filter(world.own).map((it) => rowOf(it, true)),
      total: world.records.filter(world.own).length,
      toReview: world.supervisor ? waiting().length : 0,
    }),
    status: () => world.status(),
    lists: () => lists,
    records: ({ offset, limit, filter }) =>
      world.records
        .filter(world.own)
        .filter((it) => filter !== 'waiting' || it.delivery.code === 'saved')
        .filter((it) => filter !== 'returned' || it.review?.code === 'returned')
        .slice(offset, offset + limit)
        .map((it) => rowOf(it, true)),
    search: ({ text }) => ({
      records: text.trim()
        ? world.records
            .filter((it) => JSON.stringify(it).toLowerCase().includes(text.trim().toLowerCase()))
            .map((it) => rowOf(it, world.own(it)))
        : [],
      searched: world.records.length,
      since: Date.now() - 111 * 24 * HOUR,
    }),
    record: ({ id }) => world.view(world.one(id)),
    version: ({ id, number }) => ({
      number,
      made: world.made(world.one(id), number),
      fields: world.one(id).versions[number - 1] ?? {},
      labels: {},
      addenda: [],
      photos: 0,
    }),
    compare: ({ id, before, after }) => {
      const it = world.one(id);
      const [old, now] = [it.versions[before - 1] ?? {}, it.versions[after - 1] ?? {}];
      return {
        before: world.made(it, before),
        after: world.made(it, after),
        fields: changedFields(old, now).map((field) => ({
          field,
          before: old[field] ?? null,
          after: now[field] ?? null,
          beforeLabel: null,
          afterLabel: null,
        })),
        addenda: [],
        photos: [],
      };
    },
    draft_new: ({ kind, copyOf }) => {
      const draft = world.begun(Date.now());
      draft.kind = kind;
      draft.reference = `BB20-${draft.id.toUpperCase().slice(0, 4)}-81TX`;
      if (world.query.get('place') === 'none')
        draft.fields = { searched_at: Date.now(), subject: 'person' };
      else delete draft.fields['place_text'];
      if (kind === 'note') draft.fields = { happened_at: Date.now() };
      const source = copyOf ? world.one(copyOf).fields : {};
      for (const key of ['place_text', 'object', 'power']) {
        if (source[key]) draft.fields[key] = source[key];
      }
      world.drafts.unshift(draft);
      world.tell('drafts');
      return draftView(draft);
    },
    draft: ({ id }) => world.draft(id),
    draft_set: ({ id, fields, page }) => {
      const draft = world.open(id);
      const merged: FieldMap = { ...draft.fields, ...fields };
      draft.fields = Object.fromEntries(
        Object.entries(merged).filter(([, value]) => value !== null),
      );
      draft.page = page ?? draft.page;
      draft.savedAt = Date.now();
      world.tell('drafts');
      return draftView(draft);
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
      return draftView(draft);
    },
    draft_submit: ({ id }) => submit(world, id),
    receipt: ({ id }) => receipt(world, world.one(id)),
    receipt_given: () => null,
    edit: ({ id, fields }) => {
      const it = world.one(id);
      it.fields = { ...it.fields, ...fields };
      return edited(it, 'changed', null);
    },
    add_to_record: ({ id, text }) => {
      const it = world.one(id);
      it.addenda = [...it.addenda, { text, by: world.person.label, at: Date.now() }];
      return edited(it, 'added', text);
    },
    withdraw: ({ id, reason }) => {
      const it = world.one(id);
      it.review = state('withdrawn', Date.now());
      return edited(it, 'withdrawn', reason);
    },
    resolve: ({ id, field, value }) => {
      const it = world.one(id);
      it.conflicts = it.conflicts.filter((conflict) => conflict.field !== field);
      it.fields = { ...it.fields, [field]: value };
      if (it.conflicts.length === 0) it.review = state('submitted', Date.now());
      return edited(it, 'changed', null);
    },
    queue: () => ({
      status: world.status(),
      rows: waiting().map((it) => ({
        id: it.id,
        kind: it.kind,
        title: it.title,
        subject: 'person',
        officer: it.officer,
        happenedAt: rowOf(it, false).happenedAt,
        dueAt: it.dueAt,
        flags: it.flags,
        review: it.review ?? state('submitted'),
      })),
      decidedHere: world.decided,
    }),
    review: ({ input }) => {
      const it = world.one(input.recordId);
      if (it.heads.join() !== input.heads.join()) throw fault('not_current');
      it.review = state(HERE[input.verdict] ?? 'submitted', Date.now(), { by: world.person.label });
      it.timeline = [
        ...it.timeline,
        line(DONE[input.verdict] ?? '', world.person.label, Date.now(), {
          reasons: input.reasons,
          text: input.text,
        }),
      ];
      world.decided += 1;
      world.tell('records');
      return world.view(it);
    },
    sending: () => world.sending(),
    try_now: () => null,
    place_here: () => null,
    ward_at: () => ({
      code: 'E05011165',
      name: 'Soho & Jewellery Quarter',
      district: 'Birmingham',
    }),
  };

  const waiting = () =>
    world.records.filter((it) => ['submitted', 'amended'].includes(it.review?.code ?? ''));

  return {
    world,
    call: async (command, args) => structuredClone(handlers[command](args)),
    async addPhoto({ record, caption, bytes }): Promise<PhotoView> {
      const id = world.id();
      world.previews.set(id, bytes);
      const photo: PhotoView = {
        id,
        sha256: ''.padEnd(64, '9c'),
        caption: caption || null,
        bytes: bytes.length,
        takenAt: Date.now(),
        state: 'saved',
        sent: 0,
        preview: true,
      };
      const into = world.drafts.find((it) => it.id === record) ?? world.one(record);
      into.photos = [...into.photos, photo];
      world.tell('records');
      return photo;
    },
    async preview(id) {
      const known = world.previews.get(id);
      if (known) return known.slice().buffer;
      if (typeof OffscreenCanvas === 'undefined') return new ArrayBuffer(0);
      const canvas = new OffscreenCanvas(320, 240);
      const paint = canvas.getContext('2d');
      for (let at = 0; paint && at < 24; at += 1) {
        paint.fillStyle = `hsl(${210 + at * 3} 30% ${20 + ((at * 37) % 45)}%)`;
        paint.fillRect((at * 53) % 320, (at * 31) % 240, 90, 70);
      }
      return (await canvas.convertToBlob({ type: 'image/jpeg' })).arrayBuffer();
    },
    async onChanged(hear) {
      world.ears.add(hear);
      return () => void world.ears.delete(hear);
    },
  };
}

export const fake = makeFake();
