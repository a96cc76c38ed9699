/** Where the officer is: the part of the address after `#/`. */

export interface Route {
  /** The screen. */
  name: string;
  /** The record or draft it is about, if any. */
  id: string;
  /** What follows, for example the page of a search. */
  rest: string;
}

export function parse(hash: string): Route {
  const [name = '', id = '', ...rest] = hash
    .replace(/^#\/?/, '')
    .split('/')
    .map(decodeURIComponent);
  return { name, id, rest: rest.join('/') };
}

class Router {
  route = $state<Route>(parse(location.hash));
  /** True once people have moved, so that the first screen does not take the focus. */
  moved = $state(false);

  constructor() {
    addEventListener('hashchange', () => {
      this.route = parse(location.hash);
      this.moved = true;
      scrollTo(0, 0);
    });
  }
}

export const router = new Router();

/** The address of a screen. */
export function to(name: string, id = '', rest = ''): string {
  return `#/${[name, id, rest].filter(Boolean).join('/')}`;
}

/** Goes to a screen. `replace` leaves no way back to the one before. */
export function go(address: string, replace = false): void {
  if (replace) {
    history.replaceState(null, '', address);
    dispatchEvent(new HashChangeEvent('hashchange'));
  } else {
    location.hash = address;
  }
}
