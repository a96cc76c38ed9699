/** Which devices the control room should worry about. */
import type { ConsoleDevice } from './api.ts';

/** Longer than this without a word, and what a device holds may be missing from the page. */
const QUIET_MS = 30 * 60_000;

/**
 * Devices not heard from, the longest silent first. One that never spoke has nobody signed in on
 * it and so holds nothing.
 */
export function quiet(devices: Iterable<ConsoleDevice>, now: number): ConsoleDevice[] {
  return [...devices]
    .filter((it) => !it.revoked && it.last_heard != null && now - it.last_heard > QUIET_MS)
    .sort((a, b) => (a.last_heard ?? 0) - (b.last_heard ?? 0));
}

/** All devices: the longest silent first, then those that never spoke, then the revoked. */
export function byConcern(devices: Iterable<ConsoleDevice>): ConsoleDevice[] {
  const rank = (it: ConsoleDevice) => (it.revoked ? 2 : it.last_heard == null ? 1 : 0);
  return [...devices].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      (a.last_heard ?? 0) - (b.last_heard ?? 0) ||
      a.name.localeCompare(b.name),
  );
}
