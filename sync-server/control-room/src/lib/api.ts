/**
 * The server's console API: shapes and one function for each route. Nothing else in the page
 * knows an address.
 */
import type { FeatureCollection, MultiPolygon, Polygon } from 'geojson';

export interface ConsoleMe {
  id: string;
  label: string;
  role: string;
  team: string;
  force: string;
  expires: number;
}

export type Flag = 'officer_safety' | 'arrest' | 'weapon_found' | 'under_18';

export type Status =
  'submitted' | 'approved' | 'returned' | 'escalated' | 'amended' | 'withdrawn' | 'unsubmitted';

export interface ConsoleRecord {
  id: string;
  position: number;
  kind: 'stop_search' | 'note';
  reference: string | null;
  received_at: number;
  happened_at: number | null;
  title: string;
  subject: string | null;
  officer: string;
  team: string | null;
  place_text: string | null;
  lat: number | null;
  lon: number | null;
  accuracy_m: number | null;
  ward: string | null;
  district: string | null;
  outcome: string | null;
  outcome_label: string | null;
  power_label: string | null;
  incident_log: string | null;
  operation: string | null;
  flags: Flag[];
  photos: number;
  photos_here: number;
  status: Status;
  status_by: string | null;
  conflict: boolean;
  version: number;
}

export interface ConsoleRecords {
  epoch: string;
  position: number;
  records: ConsoleRecord[];
  more: boolean;
}

export type Scalar = string | number | boolean;

export interface Addendum {
  text: string;
  by: string;
  at: number;
}

export interface Photo {
  id: string;
  sha256: string;
  caption: string | null;
  here: boolean;
  bytes: number;
}

export interface TimelineEvent {
  code: string;
  by: string;
  device_time: number;
  server_time: number;
  text: string | null;
  reasons: string[];
}

export interface Conflict {
  field: string;
  options: { value: Scalar | null; by: string | null; at: number | null }[];
}

export interface ConsoleRecordDetail {
  record: ConsoleRecord;
  fields: Record<string, Scalar>;
  labels: Record<string, string>;
  addenda: Addendum[];
  photos: Photo[];
  timeline: TimelineEvent[];
  conflicts: Conflict[];
}

export interface ConsoleDevice {
  id: string;
  name: string;
  form_factor: string;
  officer: string | null;
  last_heard: number | null;
  waiting: number;
  waiting_photos: number;
  oldest_waiting: number | null;
  revoked: boolean;
}

export interface ConsoleDevices {
  server_time: number;
  devices: ConsoleDevice[];
}

export interface ConsoleSearch {
  at: number | null;
  lat: number | null;
  lon: number | null;
  columns: Record<string, string>;
}

export interface ConsoleSearches {
  total: number;
  searches: ConsoleSearch[];
}

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
  signIn: (collar: string, password: string) => post<ConsoleMe>('sign-in', { collar, password }),
  signOut: () => post<null>('sign-out', {}),
  /** The last 8 hours. */
  records: () => get<ConsoleRecords>('records'),
  record: (id: string) => get<ConsoleRecordDetail>(`records/${id}`),
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
  if (response.status === 204) return null as T;
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
