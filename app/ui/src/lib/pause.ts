/**
 * When what is typed is kept: once the fingers pause, and while they go on, at the latest a moment
 * after the first key that was not kept. So what a crash takes is never more than that moment.
 */

/** How long after the last key it is kept: a pause of the fingers, not each letter. */
export const PAUSE_MS = 400;
/** The longest that a key waits while others follow it. */
export const LONGEST_MS = 1_000;

export class Pause {
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When the first key was typed that waits. */
  #since: number | null = null;

  constructor(readonly keep: () => void) {}

  /** A key was typed. */
  typed(): void {
    const now = performance.now();
    this.#since ??= now;
    clearTimeout(this.#timer);
    const left = this.#since + LONGEST_MS - now;
    this.#timer = setTimeout(() => this.keep(), Math.max(0, Math.min(PAUSE_MS, left)));
  }

  /** It is being kept: nothing waits any more. */
  over(): void {
    clearTimeout(this.#timer);
    this.#since = null;
  }
}
