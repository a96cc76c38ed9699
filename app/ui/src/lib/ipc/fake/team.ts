/** Working with others: shared records, held entries, and what has to be signed again. */
import type { ConfirmView, HeldTaskView } from '../bindings';
import type { Handlers } from './handlers';
import { patterns } from './patterns';
import { MINUTE, line, rowOf, state } from './stored';
import { fault } from './submit';
import type { World } from './world';

type Team =
  | 'colleagues'
  | 'share'
  | 'unshare'
  | 'submit_record'
  | 'resubmit'
  | 'let_go'
  | 'confirmations'
  | 'confirm'
  | 'confirm_drop'
  | 'held_tasks'
  | 'release'
  | 'ruling_set'
  | 'patterns'
  | 'sample'
  | 'uphold'
  | 'export_unsent';

const COLLEAGUES = [
  { id: 'o2', label: 'PC 5120 Okoro', team: 'Perry Barr response, team B' },
  { id: 'o3', label: 'PC 6033 Lewis', team: 'Perry Barr response, team B' },
  { id: 'o4', label: 'PC 7781 Novak', team: 'Aston response, team A' },
];

function tasks(world: World): HeldTaskView[] {
  if (!world.supervisor || world.query.has('empty')) return [];
  const now = Date.now();
  return [
    {
      entry: 'h1',
      recordId: 'q2bb',
      here: true,
      officer: 'PC 5120 Okoro',
      kind: 'change',
      reason: 'team',
      receivedAt: now - 130 * MINUTE,
      title: 'Weapons, section 60',
      reference: 'BB20-Q2BB-29QX',
      place: 'Villa Road',
      happenedAt: now - 26 * 60 * MINUTE,
      object: 'Weapons, section 60',
      power: 'Criminal Justice and Public Order Act 1994, section 60',
      answered: false,
      begunAct: null,
      begun: null,
    },
    {
      entry: 'h2',
      recordId: null,
      here: false,
      officer: 'PC 6033 Lewis',
      kind: 'submission',
      reason: 'not_active',
      receivedAt: now - 20 * MINUTE,
      title: 'Controlled drugs',
      reference: 'BB20-H2KK-29QX',
      place: 'Birchfield Road',
      happenedAt: now - 50 * MINUTE,
      object: 'Controlled drugs',
      power: 'Misuse of Drugs Act 1971, section 23',
      answered: false,
      begunAct: null,
      begun: null,
    },
  ];
}

export function team(world: World): Pick<Handlers, Team> {
  let held = tasks(world);
  let again: ConfirmView[] = world.query.has('confirm')
    ? [
        {
          entry: 'c1',
          recordId: world.records[0]?.id ?? '',
          title: 'Controlled drugs',
          kind: 'submission',
          what: null,
          text: null,
          reason: 'split',
          at: Date.now() - 40 * MINUTE,
        },
      ]
    : [];

  const todo = () => {
    world.again = again.map(({ recordId, title, at }) => ({
      recordId,
      title,
      at,
      code: 'confirm',
      by: null,
      text: null,
      reasons: [],
    }));
  };
  todo();

  const rule = (entry: string) => {
    if (world.link !== 'connected') throw fault('not_connected');
    held = held.map((it) => (it.entry === entry ? { ...it, answered: true } : it));
    return { rows: held, connected: true };
  };
  const shared = (id: string, change: (all: Set<string>) => void) => {
    const it = world.one(id);
    const all = new Set(it.shared);
    change(all);
    it.shared = [...all];
    return world.view(it);
  };

  return {
    colleagues: () => COLLEAGUES,
    share: ({ id, officer }) => shared(id, (all) => all.add(officer)),
    unshare: ({ id, officer }) => shared(id, (all) => all.delete(officer)),
    submit_record: ({ id }) => {
      const it = world.one(id);
      it.timeline = [...it.timeline, line('submitted', world.person.label, Date.now())];
      return world.view(it);
    },
    resubmit: ({ id }) => {
      const it = world.one(id);
      it.held = null;
      it.delivery = state('saved', Date.now());
      return world.view(it);
    },
    let_go: ({ id }) => {
      const it = world.one(id);
      it.held = null;
      it.delivery = state('received', Date.now());
      return world.view(it);
    },
    confirmations: () => again,
    confirm: ({ entry }) => {
      const found = again.find((it) => it.entry === entry);
      again = again.filter((it) => it !== found);
      todo();
      world.tell('records');
      return world.view(world.one(found?.recordId ?? ''));
    },
    confirm_drop: ({ entry }) => {
      again = again.filter((it) => it.entry !== entry);
      todo();
      world.tell('records');
      return null;
    },
    held_tasks: () => ({ rows: held, connected: world.link === 'connected' }),
    patterns: () => patterns(world),
    sample: ({ count, seed }) => {
      const all = world.records.filter((it) => !world.own(it) && it.kind === 'stop_search');
      const rows = all.slice(0, count).map((it) => rowOf(it, false));
      return { seed, of: all.length, rows };
    },
    ruling_set: ({ entry, act, words }) => {
      held = held.map((it) =>
        it.entry === entry ? { ...it, begunAct: act, begun: words || null } : it,
      );
      return null;
    },
    release: ({ entry }) => rule(entry),
    uphold: ({ entry }) => rule(entry),
    export_unsent: () => ({
      path: '/home/officer/beatbook-unsent-7f3a.age',
      entries: 9,
      photos: 2,
      photosMissing: 0,
      bytes: 9_700_000,
    }),
  };
}

export const labelOfColleague = (id: string): string =>
  COLLEAGUES.find((it) => it.id === id)?.label ?? id;
