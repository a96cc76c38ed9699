/** What differs between two states of a record, as words that can be read. */
import { changedFields, fieldName, valueWords } from './fields';
import type { ComparedView, FieldMap, ListsView } from './ipc/bindings';

export interface Changed {
  key: string;
  name: string;
  before: string;
  after: string;
}

/** Of two states that the screen has. */
export function between(
  lists: ListsView | null,
  before: FieldMap,
  after: FieldMap,
  now: number,
): Changed[] {
  return changedFields(before, after).map((key) => ({
    key,
    name: fieldName(key),
    before: valueWords(lists, key, before[key], now),
    after: valueWords(lists, key, after[key], now),
  }));
}

/** Of two versions that the core compared; a code reads as it did in its own version. */
export function compared(
  lists: ListsView | null,
  { fields }: { fields: readonly ComparedView[] },
  now: number,
): Changed[] {
  const before = Object.fromEntries(fields.map((it) => [it.field, it.before]));
  const after = Object.fromEntries(fields.map((it) => [it.field, it.after]));
  return between(lists, before, after, now).map((change) => {
    const found = fields.find((it) => it.field === change.key);
    return {
      ...change,
      before: found?.beforeLabel ?? change.before,
      after: found?.afterLabel ?? change.after,
    };
  });
}
