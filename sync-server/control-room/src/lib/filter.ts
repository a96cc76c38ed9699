/** The filters above the list, with how many records each would show. */
import type { ConsoleRecord } from './api.ts';
import { words } from './messages.ts';

export interface Filter {
  readonly key: string;
  readonly label: string;
  readonly count: number;
  fits(record: ConsoleRecord): boolean;
}

const FLAGS = ['officer_safety', 'arrest', 'weapon_found', 'under_18'] as const;
/** More would not fit beside the others. */
const OPERATIONS_MAX = 3;

/** All, the flags that occur, and the operations of most records. */
export function filters(records: readonly ConsoleRecord[]): Filter[] {
  const of = (key: string, label: string, fits: (record: ConsoleRecord) => boolean): Filter => ({
    key,
    label,
    fits,
    count: records.filter(fits).length,
  });
  const flags = FLAGS.map((flag) =>
    of(flag, words.flags[flag], (record) => record.flags.includes(flag)),
  );
  const operations = commonest(records.map((record) => record.operation)).map((operation) =>
    of(`operation:${operation}`, operation, (record) => record.operation === operation),
  );
  return [of('all', words.filter.all, () => true), ...flags, ...operations];
}

function commonest(names: readonly (string | null | undefined)[]): string[] {
  const counts = new Map<string, number>();
  for (const name of names) if (name) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]))
    .slice(0, OPERATIONS_MAX)
    .map(([name]) => name);
}

/** True if every word typed occurs somewhere in what the list shows of the record. */
export function matches(record: ConsoleRecord, typed: string): boolean {
  const text = [
    record.reference,
    record.incident_log,
    record.officer,
    record.title,
    record.place_text,
    record.ward,
    record.outcome_label,
    record.operation,
  ]
    .filter((part) => part != null)
    .join(' ')
    .toLowerCase();
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
