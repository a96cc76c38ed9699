/**
 * The position of a search that was begun before there was one. It is looked for while the officer
 * goes on, and added beside their words when it is found.
 */
import type { Draft } from './draft.svelte';
import { number } from './fields';
import { call } from './ipc';

const EVERY_MS = 3_000;
/** Where somebody is later than this says little of where they searched; the core's advice has
 * the same bound. */
const STALE_MS = 10 * 60_000;

function wanted({ fields }: Draft): boolean {
  const at = number(fields, 'searched_at') ?? number(fields, 'happened_at');
  const recent = at !== null && Math.abs(Date.now() - at) < STALE_MS;
  return recent && number(fields, 'place_lat_e7') === null;
}

/** Looks until it is found or nobody wants it any more; gives what ends it. */
export function seekPlace(draft: Draft): () => void {
  let ended = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  async function look(): Promise<void> {
    if (wanted(draft)) {
      try {
        const here = await call('place_here');
        if (here.place && !ended && wanted(draft)) await draft.found(here.place, here.fixAt);
      } catch {
        // No position is no reason to stop anybody: the officer's words stand alone.
      }
    }
    if (!ended) timer = setTimeout(() => void look(), EVERY_MS);
  }
  timer = setTimeout(() => void look(), EVERY_MS);
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}
