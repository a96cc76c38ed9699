/**
 * A host in memory, for making and testing screens in a plain browser. It answers as the core
 * does, on a made-up shift; it is left out of the production build.
 */
import { changedFields } from '../fields';
import type { PhotoView } from './bindings';
import type { Host } from './index';
import { capture } from './fake/capture';
import { draftView } from './fake/drafts';
import { find } from './fake/find';
import { lists } from './fake/lists';
import { HOUR, line, OKORO, rowOf, state, type Stored } from './fake/stored';
import type { Handlers } from './fake/handlers';
import { places } from './fake/places';
import { start } from './fake/start';
import { fault, receipt } from './fake/submit';
import { team } from './fake/team';
import { made } from './fake/view';
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

function makeFake(world = new World()): Host & { world: World } {
  function edited(it: Stored, code: string, text: string | null, form: string) {
    delete it.begun[form];
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
    ...places(world),
    touch: () => null,
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
      shared: world.records
        .filter((it) => !world.own(it) && world.query.has('shared'))
        .map((it) => rowOf(it, false)),
      total: world.records.filter(world.own).length,
      toReview: world.supervisor ? waiting().length : 0,
      removed: world.removed,
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
    find: ({ input }) => find(world, input),
    record: ({ id, reason }) => {
      const it = world.one(id);
      if (reason) world.reasons.add(id);
      const asks = world.query.has('reason') && !world.own(it);
      if (asks && !world.reasons.has(id)) throw fault('reason_needed');
      return world.view(it);
    },
    begun_set: ({ id, form, fields }) => {
      const it = world.one(id);
      const { [form]: _, ...rest } = it.begun;
      it.begun = Object.keys(fields).length > 0 ? { ...rest, [form]: fields } : rest;
      world.tell('drafts');
      return null;
    },
    version: ({ id, number }) => ({
      number,
      made: made(world.one(id), number),
      fields: world.one(id).versions[number - 1] ?? {},
      labels: {},
      addenda: [],
      photos: 0,
    }),
    compare: ({ id, before, after }) => {
      const it = world.one(id);
      const [old, now] = [it.versions[before - 1] ?? {}, it.versions[after - 1] ?? {}];
      return {
        before: made(it, before),
        after: made(it, after),
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
    ...capture(world),
    receipt: ({ id }) => receipt(world, world.one(id)),
    receipt_given: () => null,
    edit: ({ id, fields }) => {
      const it = world.one(id);
      it.fields = { ...it.fields, ...fields };
      return edited(it, 'changed', null, 'edit');
    },
    add_entry: ({ input }) => {
      const it = world.one(input.recordId);
      const { text, happenedAt, corrects, quote } = input;
      const entry = { id: world.id(), text, by: world.person.label, at: Date.now() };
      it.addenda = [...it.addenda, { ...entry, happenedAt, corrects, quote }];
      return edited(it, 'added', text, 'add');
    },
    withdraw: ({ id, reason }) => {
      const it = world.one(id);
      it.review = state('withdrawn', Date.now());
      return edited(it, 'withdrawn', reason, 'withdraw');
    },
    resolve: ({ id, field, value }) => {
      const it = world.one(id);
      it.conflicts = it.conflicts.filter((conflict) => conflict.field !== field);
      it.fields = { ...it.fields, [field]: value };
      if (it.conflicts.length === 0) it.review = state('submitted', Date.now());
      return edited(it, 'changed', null, 'choose');
    },
    queue: () => ({
      status: world.status(),
      rows: waiting().map((it) => ({
        id: it.id,
        kind: it.kind,
        title: it.title,
        subject: 'person',
        officer: it.officer,
        team: world.query.has('cover') && it.officer === OKORO ? 'Aston response, team A' : null,
        happenedAt: rowOf(it, false).happenedAt,
        since: it.dueAt - 48 * HOUR,
        dueAt: it.dueAt,
        flags: it.flags,
        review: it.review ?? state('submitted'),
      })),
      decidedHere: world.decided,
    }),
    review: ({ input }) => {
      const it = world.one(input.recordId);
      if (it.heads.join() !== input.heads.join()) throw fault('not_current');
      it.begun = {};
      it.review = state(HERE[input.verdict] ?? 'submitted', Date.now(), { by: world.person.label });
      it.timeline = [
        ...it.timeline,
        line(DONE[input.verdict] ?? '', world.person.label, Date.now(), {
          reasons: [...input.fields.map((key) => `field:${key}`), ...input.reasons],
          text: input.text,
        }),
      ];
      world.decided += 1;
      world.tell('records');
      return world.view(it);
    },
    sending: () => world.sending(),
    removed_seen: () => {
      world.removed = [];
      world.tell('records');
      return null;
    },
    photos_over_wifi: ({ on }) => {
      world.photosOverWifi = on;
      world.tell('status');
      return null;
    },
    try_now: () => {
      world.tell('status');
      return null;
    },
  };

  const waiting = () =>
    world.records.filter((it) =>
      ['submitted', 'amended', 'answered'].includes(it.review?.code ?? ''),
    );

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
// The checks of the screens change the world behind a screen that is open.
Object.assign(globalThis, { beatbookFake: fake });
