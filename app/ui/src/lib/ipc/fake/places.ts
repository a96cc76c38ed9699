/** Places of the fake: made-up wards around one street, and one authorised area. */
import type { FieldMap, OutlineView } from '../bindings';
import { asked } from './asked';
import { draftView } from './drafts';
import type { Handlers } from './handlers';
import { labelIn, powerBasis } from './lists';
import { HOUR } from './stored';
import { fault } from './submit';
import type { World } from './world';

type Places =
  | 'place_here'
  | 'where_is'
  | 'grid_place'
  | 'recent_places'
  | 'authorisations'
  | 'draft_place'
  | 'map'
  | 'asks';

const [LAT, LON] = [525_093_100, -19_340_200];
const WARDS = ['Soho', 'Lozells', 'Handsworth', 'Winson Green', 'Aston', 'Perry Barr'];

/** A many-sided area about a point. */
function around(name: string, lat: number, lon: number, size: number, authorised: boolean) {
  const ring = Array.from({ length: 13 }, (_, at) => {
    const angle = (at % 12) * (Math.PI / 6);
    const far = size * (0.85 + 0.15 * Math.sin(angle * 3 + name.length));
    return [lat + far * Math.sin(angle), lon + far * 1.6 * Math.cos(angle)].map(Math.round);
  });
  return { name, authorised, rings: [ring.flat()] };
}

function outlines(): OutlineView[] {
  const wards = WARDS.map((name, at) =>
    around(
      name,
      LAT + (Math.floor(at / 3) - 0.5) * 130_000,
      LON + ((at % 3) - 1) * 210_000,
      72_000,
      false,
    ),
  );
  return [...wards, around('Handsworth', LAT + 20_000, LON - 30_000, 50_000, true)];
}

export function places(world: World): Pick<Handlers, Places> {
  return {
    place_here: () => {
      const state = world.query.get('place');
      if (state === 'none' || state === 'refused') return { state, place: null, fixAt: null };
      // A bad one is both: far from exact, and of a while ago.
      const bad = state === 'bad';
      const place = { latE7: LAT, lonE7: LON, accuracyM: bad ? 400 : 8 };
      return { state: 'found', place, fixAt: Date.now() - (bad ? 20 * 60_000 : 0) };
    },
    where_is: () => ({
      grid: 'SP 0512 8897',
      ward: { code: 'E05011165', name: 'Soho & Jewellery Quarter', district: 'Birmingham' },
    }),
    grid_place: ({ text }) => {
      if (!/^[A-Z]{2}(\s*\d){4,10}$/i.test(text.trim())) throw fault('bad_input');
      return { latE7: LAT + 9000, lonE7: LON - 9000, accuracyM: 7 };
    },
    recent_places: () => {
      const seen = new Set<string>();
      return world.records
        .filter((it) => {
          const place = String(it.fields['place_text'] ?? '');
          return place !== '' && !seen.has(place) && seen.add(place);
        })
        .slice(0, 8)
        .map((it) => ({
          text: String(it.fields['place_text']),
          place: { latE7: LAT, lonE7: LON, accuracyM: 8 },
          at: Number(it.fields['searched_at'] ?? it.fields['happened_at']),
        }));
    },
    authorisations: () =>
      world.query.get('areas') === 'none'
        ? []
        : ['inside', 'outside'].map((cover, at) => ({
            reference: `S60/2026/${114 + at}`,
            power: 'cjpoa_s60',
            powerLabel: labelIn('powers', 'cjpoa_s60'),
            locality: at === 0 ? 'Handsworth' : 'Digbeth',
            from: Date.now() - 5 * HOUR,
            until: Date.now() + 4 * HOUR,
            rank: 'Superintendent',
            by: at === 0 ? 'Supt Hall' : null,
            operation: null,
            cover,
          })),
    draft_place: ({ id, place }) => {
      const draft = world.open(id);
      const fields: FieldMap = {
        place_lat_e7: place.latE7 ?? LAT + 9000,
        place_lon_e7: place.lonE7 ?? LON - 9000,
        place_accuracy_m: place.accuracyM ?? 5,
        place_source: place.source,
      };
      draft.fields = { ...draft.fields, ...fields };
      draft.savedAt = Date.now();
      world.tell('drafts');
      return draftView(draft, world.drafts);
    },
    map: () => ({ outlines: outlines() }),
    asks: ({ kind, fields }) => ({
      basis: powerBasis(fields['power']),
      asks: asked(kind, fields),
    }),
  };
}
