/** What wants this person besides their own records: reviews, held entries, signing again. */
import { call } from './ipc';
import { live } from './live.svelte';
import { m } from './messages';
import { session } from './session.svelte';

export interface Doing {
  name: string;
  title: string;
  line: string;
}

/** The rows, asked for again as records and connection change. What has to be signed again is
 * among the records of the home screen already; elsewhere `again` asks for it. */
export function doing(toReview: () => number, withAgain = false): { readonly rows: Doing[] } {
  const again = live(
    async () => (withAgain ? await call('confirmations') : []),
    ['records', 'status'],
  );
  const held = live(
    async () => (session.supervisor ? (await call('held_tasks')).rows : []),
    ['records', 'status'],
  );
  return {
    get rows() {
      const open = (held.value ?? []).filter((it) => !it.answered).length;
      const all = [
        { name: 'review', title: m.home.review, n: toReview(), words: m.home.reviewLine },
        { name: 'held', title: m.tasks.row, n: open, words: m.tasks.line },
        {
          name: 'again',
          title: m.signAgain.row,
          n: again.value?.length ?? 0,
          words: m.signAgain.line,
        },
      ];
      return all
        .filter((it) => it.n > 0)
        .map(({ name, title, n, words }) => ({ name, title, line: words(n) }));
    },
  };
}
