/** Which records of the queue are listed. Pure, so that it can be tested. */
import type { QueueRow } from '../../lib/ipc/bindings';
import { m } from '../../lib/messages';

export interface Filter {
  /** A flag, or `late`; blank for all. */
  flag: string;
  /** The author; blank for all. */
  officer: string;
  /** The team that is covered, blank for one's own, null for all. */
  team: string | null;
}

export interface Chip {
  code: string;
  label: string;
}

export const ALL: Filter = { flag: '', officer: '', team: null };

const fits = (row: QueueRow, flag: string, now: number) =>
  flag === '' || (flag === 'late' ? row.dueAt < now : row.flags.includes(flag));

export function listed(rows: readonly QueueRow[], filter: Filter, now: number): QueueRow[] {
  return rows.filter(
    (row) =>
      fits(row, filter.flag, now) &&
      (filter.officer === '' || row.officer === filter.officer) &&
      (filter.team === null || (row.team ?? '') === filter.team),
  );
}

/** All, late, and every flag that some record has, in the order of weight. The one that is
 * chosen stays, even when its last record has gone. */
export function chips(rows: readonly QueueRow[], chosen: string, now: number): Chip[] {
  const count = (flag: string) => rows.filter((row) => fits(row, flag, now)).length;
  const present = Object.keys(m.flags).filter((flag) => flag === chosen || count(flag) > 0);
  return [
    { code: '', label: m.review.all(rows.length) },
    { code: 'late', label: m.review.late(count('late')) },
    ...present.map((flag) => ({ code: flag, label: `${m.flags[flag]} ${count(flag)}` })),
  ];
}

/** The authors, with how many records of each wait; in the order of their names. */
export function officers(rows: readonly QueueRow[]): { code: string; label: string }[] {
  const counts = new Map<string, number>();
  for (const { officer } of rows) counts.set(officer, (counts.get(officer) ?? 0) + 1);
  return [...counts]
    .sort(([one], [two]) => one.localeCompare(two))
    .map(([officer, n]) => ({ code: officer, label: `${officer}, ${n}` }));
}

/** One's own team, blank, and those that are covered; none where there is only one's own. */
export function teamsOf(rows: readonly QueueRow[]): string[] {
  const covered = [...new Set(rows.map((row) => row.team ?? ''))].sort();
  return covered.some(Boolean) ? covered : [];
}
