/** Tells the host that somebody uses the app, and locks in the background: the host keeps the
 * clock of the lock, so that it runs while the web view sleeps. */
import { call } from './ipc';

/** Often enough for the shortest time that a force may set. */
const TELL_MS = 15_000;
const AWAY_MS = 2 * 60_000;

/** Says every few seconds of use that somebody is there; two minutes in the background lock. */
export function watchIdle(lock: () => void): () => void {
  let told = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const used = () => {
    if (Date.now() - told < TELL_MS) return;
    told = Date.now();
    // Without an open vault there is nothing to keep open.
    void call('touch').catch(() => undefined);
  };
  const seen = () => {
    clearTimeout(timer);
    if (document.hidden) timer = setTimeout(lock, AWAY_MS);
    else used();
  };
  const events = ['pointerdown', 'keydown', 'scroll'] as const;
  events.forEach((event) => document.addEventListener(event, used, { passive: true }));
  document.addEventListener('visibilitychange', seen);
  return () => {
    clearTimeout(timer);
    events.forEach((event) => document.removeEventListener(event, used));
    document.removeEventListener('visibilitychange', seen);
  };
}
