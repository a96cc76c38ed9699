/** The authorisations that the device knows, and how the place of a search stands to each. */
import { number } from './fields';
import type { Form } from './form';
import { call } from './ipc';
import type { AuthorisationView } from './ipc/bindings';
import { live, type Live } from './live.svelte';
import { m } from './messages';
import { clock } from './words';

/** Asked for again when the place of the search changes. */
export function authorisations(form: () => Form): Live<AuthorisationView[]> {
  return live(async () => {
    const { fields } = form();
    const [latE7, lonE7] = [number(fields, 'place_lat_e7'), number(fields, 'place_lon_e7')];
    const accuracyM = number(fields, 'place_accuracy_m') ?? 0;
    const place = latE7 === null || lonE7 === null ? null : { latE7, lonE7, accuracyM };
    return call('authorisations', { place });
  }, ['records']);
}

/** True while it can be used here: inside, or where only the exactness of the place is in doubt. */
export const fits = (it: AuthorisationView): boolean =>
  ['inside', 'edge', 'no_place'].includes(it.cover);

/** "Handsworth, until 02:00. You are inside". */
export function areaWords(it: AuthorisationView): string {
  const w = m.search.grounds;
  return [w.until(it.locality, clock(it.until)), w.covers[it.cover]].filter(Boolean).join('. ');
}
