/** Records as shapes on the map. Pure. */
import type { FeatureCollection, Point, Polygon, Position } from 'geojson';

import type { Areas, ConsoleRecord } from '../api.ts';
import { words } from '../messages.ts';
import { confirmed } from '../place.ts';

export type Tone = 'plain' | 'urgent' | 'unconfirmed';

export interface Mark {
  id: string;
  tone: Tone;
  /** False where the place is not confirmed: another shape. */
  sure: boolean;
  label: string;
  selected: boolean;
}

/** [west, south, east, north] */
export type Bounds = [number, number, number, number];

const RING_CORNERS = 48;
const METRES_PER_DEGREE = 111_320;

/** Where each record with a position is. */
export function points(
  records: readonly ConsoleRecord[],
  selected: string | null,
): FeatureCollection<Point, Mark> {
  return {
    type: 'FeatureCollection',
    features: records.filter(placed).map((record) => ({
      type: 'Feature',
      properties: mark(record, selected),
      geometry: { type: 'Point', coordinates: [record.lon, record.lat] },
    })),
  };
}

/** How exact each of them is, as a ring of that size on the ground. */
export function rings(
  records: readonly ConsoleRecord[],
  selected: string | null,
): FeatureCollection<Polygon, Mark> {
  return {
    type: 'FeatureCollection',
    features: records
      .filter(placed)
      .filter((record) => (record.accuracy_m ?? 0) > 0)
      .map((record) => ({
        type: 'Feature',
        properties: mark(record, selected),
        geometry: {
          type: 'Polygon',
          coordinates: [circle(record.lon, record.lat, record.accuracy_m ?? 0)],
        },
      })),
  };
}

/** How many of the records have no position at all: the map has to say that it lacks them. */
export function unplaced(records: readonly ConsoleRecord[]): number {
  return records.length - records.filter(placed).length;
}

/** What holds all records, or all areas where there are none; null where there is neither. */
export function bounds(records: readonly ConsoleRecord[], areas: Areas | null): Bounds | null {
  const corners: Position[] = records.filter(placed).map((record) => [record.lon, record.lat]);
  if (corners.length === 0) {
    for (const { geometry } of areas?.features ?? []) {
      const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
      for (const polygon of polygons) corners.push(...(polygon[0] ?? []));
    }
  }
  if (corners.length === 0) return null;
  const around: Bounds = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [lon = 0, lat = 0] of corners) {
    around[0] = Math.min(around[0], lon);
    around[1] = Math.min(around[1], lat);
    around[2] = Math.max(around[2], lon);
    around[3] = Math.max(around[3], lat);
  }
  return around;
}

/** A circle of so many metres, good enough for the few kilometres that matter here. */
export function circle(lon: number, lat: number, radiusM: number): Position[] {
  const north = radiusM / METRES_PER_DEGREE;
  const east = north / Math.cos((lat * Math.PI) / 180);
  return Array.from({ length: RING_CORNERS + 1 }, (_, corner) => {
    // The last corner is the first one again, to the last digit.
    const turn = ((corner % RING_CORNERS) * 2 * Math.PI) / RING_CORNERS;
    return [lon + east * Math.cos(turn), lat + north * Math.sin(turn)];
  });
}

type Placed = ConsoleRecord & { lat: number; lon: number };

function placed(record: ConsoleRecord): record is Placed {
  return record.lat != null && record.lon != null;
}

function mark(record: ConsoleRecord, selected: string | null): Mark {
  const safety = record.flags.includes('officer_safety');
  const weapon = record.flags.includes('weapon_found');
  const sure = confirmed(record);
  const said = [
    safety ? words.flags.officer_safety : weapon ? words.flags.weapon_found : null,
    sure ? null : words.map.unconfirmed,
  ];
  return {
    id: record.id,
    tone: safety || weapon ? 'urgent' : sure ? 'plain' : 'unconfirmed',
    sure,
    label: said.filter((part) => part !== null).join(', '),
    selected: record.id === selected,
  };
}
