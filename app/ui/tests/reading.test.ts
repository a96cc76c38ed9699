import { describe, expect, it } from 'vitest';

import { between, compared } from '../src/lib/compared';
import { pieces } from '../src/lib/near';
import { strike } from '../src/lib/struck';
import type { AddendumView, QueueRow } from '../src/lib/ipc/bindings';
import { ALL, chips, listed, officers, teamsOf } from '../src/screens/review/filter';
import {
  CLOSEST,
  frame,
  moved,
  onEarth,
  onPicture,
  zoomed,
} from '../src/screens/search/where/view';

const NOW = Date.UTC(2026, 10, 22, 21);
const HOUR = 3_600_000;

const row = (id: string, more: Partial<QueueRow> = {}): QueueRow => ({
  id,
  kind: 'stop_search',
  title: 'Controlled drugs',
  subject: 'person',
  officer: 'PC 4417 Patel',
  team: null,
  happenedAt: NOW - HOUR,
  since: NOW - HOUR,
  dueAt: NOW + HOUR,
  flags: [],
  review: { code: 'submitted', at: null, by: null, photos: null, reason: null },
  ...more,
});

const ids = (rows: QueueRow[]) => rows.map((it) => it.id).join();

describe('the queue', () => {
  const rows = [
    row('a', { flags: ['no_video'], dueAt: NOW - HOUR }),
    row('b', { flags: ['no_video', 'under_18'], officer: 'PC 5120 Okoro', team: 'Team A' }),
    row('c'),
  ];

  it('is filtered by what its records have, and by nothing else', () => {
    expect(ids(listed(rows, { ...ALL, flag: 'no_video' }, NOW))).toBe('a,b');
    expect(ids(listed(rows, { ...ALL, flag: 'late' }, NOW))).toBe('a');
    expect(ids(listed(rows, { ...ALL, officer: 'PC 5120 Okoro' }, NOW))).toBe('b');
    expect(ids(listed(rows, { ...ALL, flag: 'no_video', officer: 'PC 4417 Patel' }, NOW))).toBe(
      'a',
    );
    expect(chips(rows, '', NOW).map((it) => it.code)).toEqual(['', 'late', 'under_18', 'no_video']);
    expect(officers(rows).map((it) => it.label)).toEqual(['PC 4417 Patel, 2', 'PC 5120 Okoro, 1']);
  });

  it('keeps the chosen filter when its last record has gone', () => {
    expect(chips(rows.slice(2), 'no_video', NOW).map((it) => it.code)).toContain('no_video');
  });

  it('tells teams apart only where one is covered', () => {
    expect(teamsOf(rows)).toEqual(['', 'Team A']);
    expect(teamsOf(rows.slice(2))).toEqual([]);
    expect(ids(listed(rows, { ...ALL, team: '' }, NOW))).toBe('a,c');
  });
});

describe('words that were put right later', () => {
  const addition = (corrects: string | null, quote: string | null): AddendumView => ({
    id: 'x',
    text: 'It was green.',
    by: 'PC 4417 Patel',
    at: NOW,
    happenedAt: null,
    corrects,
    quote,
  });

  it('stay readable, struck where the correction says so', () => {
    const words = 'He had a blue bag.';
    expect(strike(words, 'text', [addition('text', 'blue')])).toEqual([
      { words: 'He had a ', struck: false },
      { words: 'blue', struck: true },
      { words: ' bag.', struck: false },
    ]);
    expect(strike(words, 'text', [addition('text', null)])).toEqual([{ words, struck: true }]);
  });

  it('are left alone by corrections of something else, or of words that are not there', () => {
    const words = 'He had a blue bag.';
    const whole = [{ words, struck: false }];
    expect(strike(words, 'text', [addition('grounds', 'blue')])).toEqual(whole);
    expect(strike(words, 'text', [addition('text', 'red')])).toEqual(whole);
    expect(strike(words, 'text', [addition(null, null)])).toEqual(whole);
  });
});

describe('a difference', () => {
  it('names only what differs, in words', () => {
    const changes = between(
      null,
      { grounds: 'He ran', sex: 'male' },
      { grounds: 'He ran off' },
      NOW,
    );
    expect(changes.map((it) => [it.name, it.before, it.after])).toEqual([
      ['Grounds', 'He ran', 'He ran off'],
      ['Sex', 'male', 'Not given'],
    ]);
  });

  it('reads a code as it was read in its own version', () => {
    const made = {
      number: 1,
      by: null,
      device: null,
      here: false,
      at: null,
      receivedAt: null,
      accepted: true,
    };
    const field = {
      field: 'object',
      before: 'old_code',
      after: 'controlled_drugs',
      beforeLabel: 'What it was called then',
      afterLabel: 'Controlled drugs',
    };
    const view = { before: made, after: made, fields: [field], addenda: [], photos: [] };
    expect(compared(null, view, NOW)[0]).toMatchObject({ before: 'What it was called then' });
  });
});

describe('a long list', () => {
  it('is cut into pieces that lose nothing', () => {
    const all = Array.from({ length: 101 }, (_, at) => at);
    expect(pieces(all).map((it) => it.length)).toEqual([50, 50, 1]);
    expect(pieces(all).flat()).toEqual(all);
    expect(pieces([])).toEqual([]);
  });
});

describe('the map', () => {
  const size = { width: 360, height: 420 };
  const view = { latE7: 525_000_000, lonE7: -19_000_000, metres: 3 };

  it('finds the same place both ways', () => {
    const { x, y } = onPicture(view, size, 525_010_000, -19_020_000);
    const back = onEarth(view, size, x, y);
    expect(Math.abs(back.latE7 - 525_010_000)).toBeLessThanOrEqual(1);
    expect(Math.abs(back.lonE7 + 19_020_000)).toBeLessThanOrEqual(1);
  });

  it('puts north up and east to the right, and moves with the finger', () => {
    expect(onPicture(view, size, 525_001_000, -19_000_000).y).toBeLessThan(210);
    expect(onPicture(view, size, 525_000_000, -18_999_000).x).toBeGreaterThan(180);
    // A finger that goes right brings what lies to the west.
    expect(moved(view, size, 50, 0).lonE7).toBeLessThan(view.lonE7);
    expect(moved(view, size, 0, 50).latE7).toBeGreaterThan(view.latE7);
  });

  it('stops at a house, and asks for more than it shows', () => {
    expect(zoomed({ ...view, metres: CLOSEST }, 0.5).metres).toBe(CLOSEST);
    const asked = frame(view, size);
    const corner = onEarth(view, size, 0, 0);
    expect(asked.northE7).toBeGreaterThan(corner.latE7);
    expect(asked.westE7).toBeLessThan(corner.lonE7);
  });
});
