/**
 * A decision between the touch and its signature. It can be taken back for ten seconds; leaving
 * the review, locking, or a second decision signs it at once. A closed app signs nothing: what was
 * decided is then begun and not signed, and is asked again.
 */
import { decided, undecided } from './begun.svelte';
import { asError, call } from './ipc';
import type { ErrorView, ReviewInput } from './ipc/bindings';

export const UNDO_MS = 10_000;

class Pending {
  input = $state.raw<ReviewInput | null>(null);
  /** What became of a decision that could not be signed. */
  failed = $state.raw<{ recordId: string; error: ErrorView } | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #signing: Promise<void> = Promise.resolve();

  /** Holds a decision; one that was held before is signed now. */
  async hold(input: ReviewInput): Promise<void> {
    await this.flush();
    this.failed = null;
    this.input = input;
    this.#timer = setTimeout(() => void this.flush(), UNDO_MS);
  }

  undo(): void {
    clearTimeout(this.#timer);
    if (this.input) undecided(this.input.recordId);
    this.input = null;
  }

  /** Signs what is held. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    const input = this.input;
    if (input) {
      this.#signing = call('review', { input })
        .then(() => decided(input.recordId))
        .catch((thrown) => {
          this.failed = { recordId: input.recordId, error: asError(thrown) };
        })
        .then(() => {
          if (this.input === input) this.input = null;
        })
        .then(() => undefined);
    }
    return this.#signing;
  }
}

export const pending = new Pending();
