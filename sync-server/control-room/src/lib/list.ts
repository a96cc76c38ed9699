/**
 * The page's copy of the list. Pure: what came in goes in, what is shown comes out.
 *
 * A record's position grows with every change of it, and the server sends changes in the order of
 * positions. So whatever is not above the position known of a record is a repeat, and the highest
 * position taken is where to go on after a break: neither gaps nor repeats.
 */
import type { ConsoleRecord, ConsoleRecords } from './api.ts';

/** The list holds the last shift. */
const WINDOW_MS = 8 * 3_600_000;

export interface Ledger {
  /** The lineage of the server's database: positions of another one mean nothing. */
  readonly epoch: string;
  /** Everything up to here was taken. */
  readonly position: number;
  readonly records: ReadonlyMap<string, ConsoleRecord>;
}

export const EMPTY: Ledger = { epoch: '', position: 0, records: new Map() };

export interface Taken {
  readonly ledger: Ledger;
  /** Records that were not known before. */
  readonly added: readonly string[];
  /** Records that changed. */
  readonly changed: readonly string[];
}

/** Begins with what the server gave as the last 8 hours. */
export function begin(page: ConsoleRecords): Ledger {
  return {
    epoch: page.epoch,
    position: page.position,
    records: new Map(page.records.map((record) => [record.id, record])),
  };
}

/** Takes changes in; repeats and older states are left out. */
export function take(ledger: Ledger, changes: readonly ConsoleRecord[]): Taken {
  const records = new Map(ledger.records);
  const added = new Set<string>();
  const changed = new Set<string>();
  let { position } = ledger;
  for (const record of changes) {
    position = Math.max(position, record.position);
    const known = records.get(record.id);
    if (known && known.position >= record.position) continue;
    records.set(record.id, record);
    if (!known) added.add(record.id);
    else if (!added.has(record.id)) changed.add(record.id);
  }
  return { ledger: { ...ledger, position, records }, added: [...added], changed: [...changed] };
}

/** The server says that everything up to a position was sent. */
export function reached(ledger: Ledger, position: number): Ledger {
  return position > ledger.position ? { ...ledger, position } : ledger;
}

/** The order of the list: officer safety first while it is open, then the newest received. */
export function order(records: Iterable<ConsoleRecord>, now: number): string[] {
  return [...records]
    .filter((record) => record.received_at > now - WINDOW_MS)
    .sort(
      (a, b) =>
        Number(urgent(b)) - Number(urgent(a)) ||
        b.received_at - a.received_at ||
        b.position - a.position ||
        a.id.localeCompare(b.id),
    )
    .map((record) => record.id);
}

/** Marked for officer safety, and nobody has dealt with the record yet. */
function urgent(record: ConsoleRecord): boolean {
  return (
    record.flags.includes('officer_safety') &&
    record.status !== 'approved' &&
    record.status !== 'withdrawn'
  );
}
