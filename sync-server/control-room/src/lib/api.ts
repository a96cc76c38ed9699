/**
 * The server's console API: one function for each route, and names for the shapes that its
 * description of the API (`schema.d.ts`, generated) gives them. Nothing else in the page knows an
 * address.
 */
import type { FeatureCollection, MultiPolygon, Polygon } from 'geojson';
import type { components } from './schema.d.ts';

type Schemas = components['schemas'];

// A code is text there, for lists grow: a page that is older than the server meets codes it does
// not know. A member that may be null may also be left out.
export type ConsoleMe = Schemas['ConsoleMe'];
export type ConsoleRecord = Schemas['ConsoleRecord'];
export type ConsoleRecords = Schemas['ConsoleRecords'];
export type ConsoleRecordDetail = Schemas['ConsoleRecordDetail'];
export type ConsoleDevice = Schemas['ConsoleDevice'];
export type ConsoleDevices = Schemas['ConsoleDevices'];
export type ConsoleSearches = Schemas['ConsoleSearches'];
export type Conflict = Schemas['ConsoleConflict'];
export type Photo = Schemas['ConsolePhoto'];
export type TimelineEvent = Schemas['ConsoleEvent'];
export type Notice = Schemas['ConsoleNotice'];
export type Notices = Schemas['ConsoleNotices'];

/** GeoJSON, of which the description only says that it is JSON. */
export type Areas = FeatureCollection<
  Polygon | MultiPolygon,
  { code: string; name: string; district: string | null }
>;

/** The server's refusal, or `no_connection` where there was no answer. */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
  ) {
    super(code);
  }

  /** The session is over: only signing in helps. */
  get signedOut(): boolean {
    return this.code === 'sign_in_needed';
  }
}

const ROOT = 'api/v1/console';

export const api = {
  me: () => get<ConsoleMe>('me'),
  signIn: (collar: string, password: string) =>
    post<ConsoleMe>('sign-in', { collar, password } satisfies Schemas['ConsoleSignIn']),
  signOut: () => post<null>('sign-out', {}),
  /** The last 8 hours. */
  records: () => get<ConsoleRecords>('records'),
  record: (id: string) => get<ConsoleRecordDetail>(`records/${id}`),
  logNumber: (id: string, number: string) =>
    post<null>(`records/${id}/log-number`, { number } satisfies Schemas['ConsoleLogNumber']),
  notices: () => get<Notices>('notices'),
  notice: (text: string, until: number) =>
    post<null>('notices', { text, until } satisfies Schemas['ConsoleNewNotice']),
  devices: () => get<ConsoleDevices>('devices'),
  areas: () => get<Areas>('areas'),
  searches: (limit: number) => get<ConsoleSearches>(`searches?limit=${limit}`),
};

/** Where a photo is; the small upright preview or the original. */
export function photoUrl(record: string, sha256: string, preview: boolean): string {
  return `${ROOT}/records/${record}/photos/${sha256}${preview ? '?preview=1' : ''}`;
}

/** Every change after a position, as server-sent events. */
export function liveUrl(after: number): string {
  return `${ROOT}/live?after=${after}`;
}

function get<T>(path: string): Promise<T> {
  return send<T>(path, { method: 'GET' });
}

function post<T>(path: string, body: object): Promise<T> {
  return send<T>(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

async function send<T>(path: string, init: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(`${ROOT}/${path}`, { ...init, cache: 'no-store' });
  } catch {
    throw new ApiError('no_connection', 0);
  }
  if (!response.ok) throw new ApiError(await problemCode(response), response.status);
  // Nothing to read: done, or written and done in a moment.
  if (response.status === 204 || response.status === 202) return null as T;
  try {
    return (await response.json()) as T;
  } catch {
    throw new ApiError('garbled', response.status);
  }
}

async function problemCode(response: Response): Promise<string> {
  try {
    const problem = (await response.json()) as { code?: unknown };
    if (typeof problem.code === 'string') return problem.code;
  } catch {
    // A proxy may answer with a page of its own; the status then has to do.
  }
  return response.status === 401 ? 'sign_in_needed' : 'internal';
}
