/** Tells screens that something moved, so that they ask again for what they show. */
import { onChanged, type Changed } from './ipc';

type Hear = () => void;
const listeners = new Map<Changed, Set<Hear>>();

/** Hears changes of these sorts until the returned function is called. */
export function hear(sorts: readonly Changed[], listener: Hear): () => void {
  for (const sort of sorts) {
    const found = listeners.get(sort) ?? new Set();
    listeners.set(sort, found.add(listener));
  }
  return () => sorts.forEach((sort) => listeners.get(sort)?.delete(listener));
}

/** Starts listening to the host. */
export function listen(): Promise<() => void> {
  return onChanged((what) => listeners.get(what)?.forEach((listener) => listener()));
}
