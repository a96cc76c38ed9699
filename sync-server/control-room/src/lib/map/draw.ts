/** The map itself. Loaded only when a map is shown, since the library outweighs the whole page. */
import 'maplibre-gl/dist/maplibre-gl.css';

import { GeoJSONSource, Map as MapView, setWorkerUrl } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';

import type { Areas, ConsoleRecord } from '../api.ts';
import { words } from '../messages.ts';
import { palette, type Palette } from './colours.ts';
import { bounds, points, rings } from './features.ts';
import { PLACES, SQUARE, SQUARE_URGENT, style } from './style.ts';

setWorkerUrl(workerUrl);

/** Nearer than this a single record would fill the map and say nothing of where it is. */
const NEAREST_ZOOM = 13;
const EDGE_PX = 48;
/** The unconfirmed place's shape in device pixels, and its rim. */
const SQUARE_PX = 36;
const RIM_PX = 5;

export interface Drawn {
  show(records: readonly ConsoleRecord[], selected: string | null): void;
  /** Moves so that everything is seen. Only on request: the map never moves by itself. */
  fit(): void;
  zoom(by: 1 | -1): void;
  /** The colours changed. */
  recolour(): void;
  remove(): void;
}

/** Throws where the browser has no WebGL. */
export function draw(box: HTMLElement, areas: Areas, open: (id: string) => void): Drawn {
  let records: readonly ConsoleRecord[] = [];
  let selected: string | null = null;
  let fitted = false;

  const map = new MapView({
    container: box,
    style: style(palette(box), areas),
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    fadeDuration: 0,
    renderWorldCopies: false,
    locale: { 'Map.Title': words.map.label },
    ...(start() ?? {}),
  });
  map.keyboard.disableRotation();
  map.touchZoomRotate.disableRotation();

  map.on('style.load', () => {
    shapes(palette(box));
    fill();
  });
  map.on('click', PLACES, (event) => {
    const id: unknown = event.features?.[0]?.properties.id;
    if (typeof id === 'string') open(id);
  });
  const pointer = (shape: string) => () => {
    map.getCanvas().style.cursor = shape;
  };
  map.on('mouseenter', PLACES, pointer('pointer'));
  map.on('mouseleave', PLACES, pointer(''));

  function start() {
    const all = bounds([], areas);
    return all && { bounds: all, fitBoundsOptions: { padding: EDGE_PX } };
  }

  function shapes(colours: Palette): void {
    for (const [name, colour] of [
      [SQUARE, colours.wait],
      [SQUARE_URGENT, colours.bad],
    ] as const) {
      if (map.hasImage(name)) map.removeImage(name);
      map.addImage(name, diamond(colour, colours.surface), { pixelRatio: 2 });
    }
  }

  function fill(): void {
    source('rings')?.setData(rings(records, selected));
    source('points')?.setData(points(records, selected));
  }

  function source(name: string): GeoJSONSource | undefined {
    const found = map.getSource(name);
    return found instanceof GeoJSONSource ? found : undefined;
  }

  function fit(): void {
    const around = bounds(records, areas);
    if (around) {
      map.fitBounds(around, { padding: EDGE_PX, maxZoom: NEAREST_ZOOM, animate: false });
    }
  }

  return {
    show(now, chosen) {
      [records, selected] = [now, chosen];
      fill();
      // Only at first: later the view is the reader's.
      if (!fitted) fit();
      fitted = true;
    },
    fit,
    zoom: (by) => map.zoomTo(map.getZoom() + by, { animate: false }),
    recolour: () => map.setStyle(style(palette(box), areas), { diff: false }),
    remove: () => map.remove(),
  };
}

/** A square on its corner: told from a disc without its colour. */
function diamond(colour: string, rim: string): ImageData {
  const canvas = document.createElement('canvas');
  canvas.width = SQUARE_PX;
  canvas.height = SQUARE_PX;
  const pen = canvas.getContext('2d');
  if (!pen) throw new Error('no canvas');
  const half = SQUARE_PX / 2;
  pen.translate(half, half);
  pen.rotate(Math.PI / 4);
  const side = half - RIM_PX / 2;
  pen.fillStyle = colour;
  pen.strokeStyle = rim;
  pen.lineWidth = RIM_PX;
  pen.fillRect(-side / 1.2, -side / 1.2, (2 * side) / 1.2, (2 * side) / 1.2);
  pen.strokeRect(-side / 1.2, -side / 1.2, (2 * side) / 1.2, (2 * side) / 1.2);
  return pen.getImageData(0, 0, SQUARE_PX, SQUARE_PX);
}
