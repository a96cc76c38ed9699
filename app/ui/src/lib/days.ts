/** Records by day, newest first, as the core lists them. */
import type { RecordRow } from './ipc/bindings';
import { dayHead, dayKey } from './words';

export interface Day {
  key: string;
  head: string;
  at: number;
  rows: RecordRow[];
}

export function byDay(rows: RecordRow[], now: number): Day[] {
  const days: Day[] = [];
  for (const row of rows) {
    const key = dayKey(row.happenedAt);
    const last = days.at(-1);
    if (last?.key === key) last.rows.push(row);
    else days.push({ key, head: dayHead(row.happenedAt, now), at: row.happenedAt, rows: [row] });
  }
  return days;
}
