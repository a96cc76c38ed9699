/** A view of the core that a screen shows, asked for again whenever it may have changed. */
import { hear } from './changes';
import { asError, type Changed } from './ipc';
import type { ErrorView } from './ipc/bindings';

/** Changes come in bursts while records are sent; one question answers many. */
const CALM_MS = 120;

export class Live<T> {
  value = $state.raw<T | null>(null);
  error = $state.raw<ErrorView | null>(null);
  #load: () => Promise<T>;
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(load: () => Promise<T>) {
    this.#load = load;
  }

  /** Asks now. An answer that a later question has overtaken is dropped. */
  reload = async (): Promise<void> => {
    const mine = ++this.#asked;
    try {
      const value = await this.#load();
      if (mine === this.#asked) {
        this.value = value;
        this.error = null;
      }
    } catch (thrown) {
      if (mine === this.#asked) this.error = asError(thrown);
    }
  };

  soon = (): void => {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.reload, CALM_MS);
  };

  stop(): void {
    clearTimeout(this.#timer);
    this.#asked += 1;
  }
}

/** Shows what `load` answers for as long as the component lives. Asks again when what `load`
 * reads before its first wait changes, and when the core says that one of `sorts` changed. */
export function live<T>(load: () => Promise<T>, sorts: readonly Changed[]): Live<T> {
  const view = new Live(load);
  $effect(() => {
    void view.reload();
    const deaf = hear(sorts, view.soon);
    return () => {
      deaf();
      view.stop();
    };
  });
  return view;
}
