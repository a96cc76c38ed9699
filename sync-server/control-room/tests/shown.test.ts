import { describe, expect, it } from 'vitest';

import type { ConsoleDevice } from '../src/lib/api.ts';
import { byConcern, quiet } from '../src/lib/devices.ts';
import { filters, matches } from '../src/lib/filter.ts';
import { bounds, circle, points, rings, unplaced } from '../src/lib/map/features.ts';
import { flagWords, words } from '../src/lib/messages.ts';
import { placeLine, placeNote } from '../src/lib/place.ts';
import { record } from './sample.ts';

const NOW = Date.parse('2026-11-20T21:36:00Z');
const MINUTE = 60_000;

describe('the place', () => {
  const plain = (text: string) => text.replaceAll('\u00a0', ' ');

  it('says how exact it is', () => {
    expect(plain(placeLine(record('a', 1)))).toBe('Soho Road, within 8 m');
    expect(placeNote(record('a', 1))).toBe('Inkerman Road');
  });

  it('is not confirmed without a position, or with one that is only an idea', () => {
    for (const it of [{ lat: null, lon: null }, { accuracy_m: null }, { accuracy_m: 101 }]) {
      const vague = record('a', 1, it);
      expect(placeLine(vague)).toBe('Soho Road');
      expect(placeNote(vague)).toContain('not confirmed');
    }
  });

  it('makes do with the ward, or with nothing', () => {
    expect(placeLine(record('a', 1, { place_text: null, accuracy_m: null }))).toBe(
      'Inkerman Road ward',
    );
    const nowhere = record('a', 1, { place_text: null, ward: null, lat: null, lon: null });
    expect(placeLine(nowhere)).toBe('Not confirmed');
  });
});

describe('the filters', () => {
  const records = [
    record('a', 1, { flags: ['arrest', 'weapon_found'], operation: 'Lion' }),
    record('b', 2, { flags: ['arrest'], operation: 'Lion' }),
    record('c', 3, { incident_log: '2214' }),
  ];

  it('count what each would show', () => {
    const counts = filters(records).map((filter) => [filter.key, filter.count]);
    expect(counts).toEqual([
      ['all', 3],
      ['officer_safety', 0],
      ['arrest', 2],
      ['weapon_found', 1],
      ['under_18', 0],
      ['operation:Lion', 2],
    ]);
  });

  it('find by every word typed', () => {
    const found = (typed: string) => records.filter((it) => matches(it, typed)).map((it) => it.id);
    expect(found('2214')).toEqual(['c']);
    expect(found('patel LION')).toEqual(['a', 'b']);
    expect(found('')).toEqual(['a', 'b', 'c']);
    expect(found('nobody')).toEqual([]);
  });
});

describe('what the description of the API leaves open', () => {
  it('shows codes of a newer server as they are', () => {
    expect(flagWords('arrest')).toBe('Arrest');
    expect(flagWords('drone')).toBe('drone');
    expect(words.status(record('a', 1, { status: 'archived' }))).toBe('archived');
  });

  it('takes a member that was left out as null', () => {
    const { lat, lon, accuracy_m, ...rest } = record('a', 1, { ward: undefined });
    expect([lat, lon, accuracy_m]).not.toContain(null);
    expect(placeLine(rest)).toBe('Soho Road');
    expect(placeNote(rest)).toBe('Not confirmed');
    expect(unplaced([rest])).toBe(1);
  });
});

describe('devices', () => {
  const device = (id: string, quietMin: number | null, more: Partial<ConsoleDevice> = {}) => ({
    id,
    name: id,
    form_factor: 'phone',
    officer: null,
    last_heard: quietMin === null ? null : NOW - quietMin * MINUTE,
    waiting: 0,
    waiting_photos: 0,
    oldest_waiting: null,
    revoked: false,
    ...more,
  });
  const all = [
    device('fresh', 1),
    device('never', null),
    device('long', 42),
    device('edge', 30),
    device('gone', 90, { revoked: true }),
  ];

  it('are quiet after 30 minutes, unless revoked or never used', () => {
    expect(quiet(all, NOW).map((it) => it.id)).toEqual(['long']);
  });

  it('stand in the order of concern', () => {
    expect(byConcern(all).map((it) => it.id)).toEqual(['long', 'edge', 'fresh', 'never', 'gone']);
  });

  it('are never said to be up to date', () => {
    expect(words.devices.waiting(device('a', 0), NOW)).toBe('Nothing waiting at 21:36');
    const full = device('a', 6, {
      waiting: 3,
      waiting_photos: 1,
      oldest_waiting: NOW - 31 * MINUTE,
    });
    expect(words.devices.waiting(full, NOW)).toBe(
      '3 entries and 1 photo at 21:30, the oldest since 21:05',
    );
  });
});

describe('the status', () => {
  it('names people as one says them', () => {
    const approved = record('a', 1, { status: 'approved', status_by: 'Sgt 2093 Ahmed' });
    expect(words.status(approved)).toBe('Approved by Sgt Ahmed');
    expect(words.status({ ...approved, status_by: 'unknown' })).toBe('Approved by unknown');
    expect(words.status({ ...approved, status_by: null })).toBe('Approved');
  });
});

describe('the map', () => {
  it('draws unconfirmed places as such and says what it lacks', () => {
    const records = [
      record('a', 1),
      record('b', 2, { accuracy_m: 240 }),
      record('c', 3, { lat: null, lon: null }),
      record('d', 4, { flags: ['officer_safety'], accuracy_m: null }),
    ];
    const marks = points(records, 'a').features.map((it) => it.properties);
    expect(marks.map((it) => [it.id, it.tone, it.sure, it.selected])).toEqual([
      ['a', 'plain', true, true],
      ['b', 'unconfirmed', false, false],
      ['d', 'urgent', false, false],
    ]);
    expect(marks[2]?.label).toBe('Officer safety, Not confirmed');
    expect(rings(records, null).features.map((it) => it.properties.id)).toEqual(['a', 'b']);
    expect(unplaced(records)).toBe(1);
  });

  it('rings are closed and as large as the error', () => {
    const ring = circle(-1.9, 52.5, 111.32);
    expect(ring[0]).toEqual(ring.at(-1));
    const north = Math.max(...ring.map(([, lat]) => lat ?? 0));
    expect(north - 52.5).toBeCloseTo(0.001, 5);
  });

  it('begins with the records, else with the areas', () => {
    expect(bounds([record('a', 1), record('b', 2, { lat: 52.6, lon: -2 })], null)).toEqual([
      -2, 52.5, -1.9, 52.6,
    ]);
    expect(bounds([], { type: 'FeatureCollection', features: [] })).toBeNull();
  });
});
