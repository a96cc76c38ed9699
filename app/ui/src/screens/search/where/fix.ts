/** What is to be doubted about a satellite position, said where it stands. */
import { number, text } from '../../../lib/fields';
import type { FieldMap } from '../../../lib/ipc/bindings';
import { m } from '../../../lib/messages';

/** The bounds of the core's own advice, which the last page repeats. */
const INACCURATE_M = 100;
const STALE_MS = 10 * 60_000;

export function doubts(fields: FieldMap): string[] {
  if (text(fields, 'place_source') !== 'gps') return [];
  const accuracy = number(fields, 'place_accuracy_m');
  const found = number(fields, 'place_fix_at');
  const at = number(fields, 'searched_at') ?? number(fields, 'happened_at');
  const stale = found !== null && at !== null && Math.abs(at - found) > STALE_MS;
  const inaccurate = accuracy !== null && accuracy > INACCURATE_M;
  return [
    ...(stale ? [m.search.where.stale] : []),
    ...(inaccurate ? [m.search.where.inaccurate(accuracy)] : []),
  ];
}
