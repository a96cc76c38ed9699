/** Often enough for spans that are said in minutes, and in seconds before the next try. */
const TICK_MS = 5000;

/** The time as shown, so that "42 minutes" grows while it is read. */
class Clock {
  now = $state(Date.now());

  start(): () => void {
    const timer = setInterval(() => (this.now = Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }
}

export const time = new Clock();
