/** The map's layers: wards, how exact each place is, the places, and few words. No outside host. */
import type { ExpressionSpecification, StyleSpecification } from 'maplibre-gl';

import type { Areas } from '../api.ts';
import type { Palette } from './colours.ts';

/** Drawn from the page's own font: without a glyphs address the library asks nobody. */
const FONT = ['Atkinson Hyperlegible Next Variable'];
/** The weight is read off the first name; the second is the family that exists. */
const BOLD = ['Atkinson Hyperlegible Next Variable Bold', 'Atkinson Hyperlegible Next Variable'];
/** Names of wards only where they have room. */
const WARD_NAMES_ZOOM = 11.2;

const NOTHING = { type: 'FeatureCollection' as const, features: [] };

export const SQUARE = 'square';
export const SQUARE_URGENT = 'square-urgent';

/** Where clicks find records. */
export const PLACES = ['places', 'places-unconfirmed'];

export function style(colours: Palette, areas: Areas): StyleSpecification {
  const tone: ExpressionSpecification = [
    'match',
    ['get', 'tone'],
    'urgent',
    colours.bad,
    'unconfirmed',
    colours.wait,
    colours.accent,
  ];
  const unconfirmed: ExpressionSpecification = ['==', ['get', 'sure'], false];
  const sure: ExpressionSpecification = ['==', ['get', 'sure'], true];
  return {
    version: 8,
    sources: {
      areas: { type: 'geojson', data: areas },
      rings: { type: 'geojson', data: NOTHING },
      points: { type: 'geojson', data: NOTHING },
    },
    layers: [
      { id: 'ground', type: 'background', paint: { 'background-color': colours.sunken } },
      { id: 'wards', type: 'fill', source: 'areas', paint: { 'fill-color': colours.surface } },
      {
        id: 'ward-edges',
        type: 'line',
        source: 'areas',
        paint: { 'line-color': colours['line-strong'], 'line-opacity': 0.4, 'line-width': 1.2 },
      },
      {
        id: 'ward-names',
        type: 'symbol',
        source: 'areas',
        minzoom: WARD_NAMES_ZOOM,
        layout: { 'text-field': ['get', 'name'], 'text-font': FONT, 'text-size': 12 },
        paint: {
          'text-color': colours['text-2'],
          'text-halo-color': colours.surface,
          'text-halo-width': 1.5,
        },
      },
      {
        id: 'rings',
        type: 'fill',
        source: 'rings',
        paint: { 'fill-color': tone, 'fill-opacity': 0.16 },
      },
      {
        id: 'ring-edges',
        type: 'line',
        source: 'rings',
        paint: { 'line-color': tone, 'line-opacity': 0.5, 'line-width': 1.2 },
      },
      // Below the places: no place is hidden by words.
      {
        id: 'place-names',
        type: 'symbol',
        source: 'points',
        filter: ['!=', ['get', 'label'], ''],
        layout: {
          'text-field': ['get', 'label'],
          'text-font': BOLD,
          'text-size': 13,
          'text-variable-anchor': ['left', 'right', 'top', 'bottom'],
          'text-radial-offset': 1,
          'text-justify': 'auto',
          'text-optional': true,
        },
        paint: {
          'text-color': colours.text,
          'text-halo-color': colours.surface,
          'text-halo-width': 1.8,
        },
      },
      {
        id: 'selected',
        type: 'circle',
        source: 'points',
        filter: ['==', ['get', 'selected'], true],
        paint: {
          'circle-radius': 15,
          'circle-opacity': 0,
          'circle-stroke-color': colours.text,
          'circle-stroke-width': 3,
        },
      },
      {
        id: 'places',
        type: 'circle',
        source: 'points',
        filter: sure,
        paint: {
          'circle-radius': 8,
          'circle-color': tone,
          'circle-stroke-color': colours.surface,
          'circle-stroke-width': 2.5,
        },
      },
      {
        id: 'places-unconfirmed',
        type: 'symbol',
        source: 'points',
        filter: unconfirmed,
        layout: {
          'icon-image': ['match', ['get', 'tone'], 'urgent', SQUARE_URGENT, SQUARE],
          'icon-allow-overlap': true,
          'icon-ignore-placement': true,
        },
      },
    ],
  };
}
