/** Records by day, newest first, as the core lists them. */
import type { RecordRow } from './ipc/bindings';
import { dayKey } from './words';

export interface Day {
  key: string;
  /** A moment of it. */
  at: number;
  rows: RecordRow[];
}

export function byDay(rows: readonly RecordRow[]): Day[] {
  const days: Day[] = [];
  for (const row of rows) {
    const key = dayKey(row.happenedAt);
    const last = days.at(-1);
    if (last?.key === key) last.rows.push(row);
    else days.push({ key, at: row.happenedAt, rows: [row] });
  }
  return days;
}
