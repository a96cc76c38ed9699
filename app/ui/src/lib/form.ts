/** What the pages of a search fill in: a draft, or a submitted record that is being changed. */
import type { ErrorView, FieldMap, FieldValue, PlaceInput } from './ipc/bindings';

export interface Form {
  readonly id: string;
  /** What the screen shows: what was there, and over it what was typed. */
  readonly fields: FieldMap;
  /** The fields that the answers open: the others are not asked for. */
  readonly asks: ReadonlySet<string>;
  error: ErrorView | null;
  /** A choice: kept at once. */
  choose(fields: FieldMap): Promise<void>;
  /** Text: kept when the keys rest. An empty text is a blank. */
  type(key: string, value: FieldValue | null): void;
  /** Gives it coordinates; the officer's own words for the place stay as they are. */
  place(place: PlaceInput): Promise<void>;
  /** Keeps what was typed. */
  flush(): Promise<void>;
}

/** True if what was answered last is kept. One field that cannot be taken as it is stays on the
 * screen and keeps nobody on a page: it is named before it is signed. */
export const isKept = (form: Form): boolean => !form.error || form.error.code === 'bad_input';

/** The values that stand under these keys now: what takes a change back. */
export function valuesOf(fields: FieldMap, keys: readonly string[]): FieldMap {
  return Object.fromEntries(keys.map((key) => [key, fields[key] ?? null]));
}
