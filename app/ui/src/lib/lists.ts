/** Whether the lists that forms choose from are old. Pure, so that it can be tested. */
import type { ListsView, StatusView } from './ipc/bindings';
import { m } from './messages';
import { span } from './words';

/** After this long without the server's word for them their age is said. */
const OLD_MS = 7 * 24 * 3_600_000;

/** States in which the server answers and gives no news: it says nothing of the lists then, and
 * they do not update by themselves. The line under the bar says what ends that. */
const NO_NEWS: ReadonlySet<string> = new Set(['sign_in', 'split', 'revoked', 'upgrade']);

/** "The list of powers is 9 days old"; nothing where it is not, or where it came with the app. An
 * answer of the server brings what is newer, so that lists are as old as the last one. */
export function oldLists(
  lists: ListsView | null,
  status: StatusView | null,
  now: number,
): string | null {
  if (!lists || lists.since === null || !status) return null;
  const { state, lastExchangeAt } = status.connection;
  if (NO_NEWS.has(state)) return null;
  const age = now - Math.max(lists.since, lastExchangeAt ?? 0);
  return age > OLD_MS ? m.menu.listsOld(span(age)) : null;
}
