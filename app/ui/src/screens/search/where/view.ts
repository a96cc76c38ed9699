/**
 * The picture of a map: what lies where on it. Degrees are drawn as the earth lies there, which
 * over a few kilometres is right to the metre.
 */

/** Where the picture's middle is, in 1e-7 degrees, and how many metres a pixel is. */
export interface View {
  latE7: number;
  lonE7: number;
  metres: number;
}

export interface Size {
  width: number;
  height: number;
}

/** Metres of a degree of latitude. */
const DEGREE_M = 111_195;
const E7 = 1e7;
/** From a house to a county. */
export const CLOSEST = 0.5;
const WIDEST = 60;

const narrow = (latE7: number) => Math.cos((latE7 / E7) * (Math.PI / 180));

/** Pixels from the left upper corner. */
export function onPicture(view: View, size: Size, latE7: number, lonE7: number) {
  const east = ((lonE7 - view.lonE7) / E7) * DEGREE_M * narrow(view.latE7);
  const north = ((latE7 - view.latE7) / E7) * DEGREE_M;
  return { x: size.width / 2 + east / view.metres, y: size.height / 2 - north / view.metres };
}

/** The place of a pixel. */
export function onEarth(view: View, size: Size, x: number, y: number) {
  const east = (x - size.width / 2) * view.metres;
  const north = (size.height / 2 - y) * view.metres;
  return {
    latE7: Math.round(view.latE7 + (north / DEGREE_M) * E7),
    lonE7: Math.round(view.lonE7 + (east / (DEGREE_M * narrow(view.latE7))) * E7),
  };
}

/** Moves the picture by pixels. */
export function moved(view: View, size: Size, dx: number, dy: number): View {
  const middle = onEarth(view, size, size.width / 2 - dx, size.height / 2 - dy);
  return { ...view, ...middle };
}

/** Makes a pixel so many times larger or smaller; the middle stays. */
export function zoomed(view: View, by: number): View {
  return { ...view, metres: Math.min(WIDEST, Math.max(CLOSEST, view.metres * by)) };
}

/** What has to be asked for: the picture and as much again around it, so that moving it a little
 * asks for nothing. */
export function frame(view: View, size: Size) {
  const low = onEarth(view, size, -size.width / 2, size.height * 1.5);
  const high = onEarth(view, size, size.width * 1.5, -size.height / 2);
  return { southE7: low.latE7, westE7: low.lonE7, northE7: high.latE7, eastE7: high.lonE7 };
}
