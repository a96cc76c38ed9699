/** Looking through the records of the fake. */
import type { FindInput, SearchView } from '../bindings';
import { HOUR, rowOf } from './stored';
import type { World } from './world';

export function find(world: World, input: FindInput): SearchView {
  const { text, own, kind, state, from, until } = input;
  const words = text.trim().toLowerCase();
  const asked = words || own || kind || state || from !== null || until !== null;
  const rows = world.records.map((it) => ({ it, row: rowOf(it, world.own(it)) }));
  const hits = rows
    .filter(({ it }) => JSON.stringify(it).toLowerCase().includes(words))
    .filter(({ it }) => !own || world.own(it))
    .filter(({ row }) => !kind || row.kind === kind)
    .filter(({ row }) => !state || row.delivery.code === state || row.review?.code === state)
    .filter(({ row }) => from === null || row.happenedAt >= from)
    .filter(({ row }) => until === null || row.happenedAt < until);
  return {
    records: asked ? hits.map(({ row }) => row) : [],
    searched: rows.length,
    since: Date.now() - 111 * 24 * HOUR,
  };
}
