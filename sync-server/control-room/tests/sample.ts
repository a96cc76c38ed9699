import type { ConsoleRecord, ConsoleRecords } from '../src/lib/api.ts';

/** A record with nothing special about it. */
export function record(
  id: string,
  position: number,
  more: Partial<ConsoleRecord> = {},
): ConsoleRecord {
  return {
    id,
    position,
    kind: 'stop_search',
    reference: 'W11-26-0001',
    received_at: 1_800_000_000_000,
    happened_at: 1_800_000_000_000,
    title: 'Controlled drugs',
    subject: 'Person',
    officer: 'PC 4417 Patel',
    team: null,
    place_text: 'Soho Road',
    lat: 52.5,
    lon: -1.9,
    accuracy_m: 8,
    ward: 'Inkerman Road',
    district: 'Westerby',
    outcome: null,
    outcome_label: null,
    power_label: null,
    incident_log: null,
    operation: null,
    flags: [],
    photos: 0,
    photos_here: 0,
    status: 'submitted',
    status_by: null,
    conflict: false,
    version: 1,
    ...more,
  };
}

export function page(records: ConsoleRecord[], position: number): ConsoleRecords {
  return { epoch: 'e', position, records, more: false };
}
