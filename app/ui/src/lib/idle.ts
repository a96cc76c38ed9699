/** Locks after a while without a hand on it, sooner in the background. */
const IN_USE_MS = 10 * 60_000;
const AWAY_MS = 2 * 60_000;

/** Calls `lock` after ten minutes without touch or key, or two in the background. Every key
 * starts the time anew, so a page that is being typed on is never locked. */
export function watchIdle(lock: () => void): () => void {
  let timer: ReturnType<typeof setTimeout>;
  const restart = () => {
    clearTimeout(timer);
    timer = setTimeout(lock, document.hidden ? AWAY_MS : IN_USE_MS);
  };
  const events = ['pointerdown', 'keydown', 'visibilitychange', 'scroll'] as const;
  events.forEach((event) => document.addEventListener(event, restart, { passive: true }));
  restart();
  return () => {
    clearTimeout(timer);
    events.forEach((event) => document.removeEventListener(event, restart));
  };
}
