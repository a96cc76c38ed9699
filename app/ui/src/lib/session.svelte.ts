/** Who uses the app now, and what belongs to the time between unlocking and locking. */
import { forgetBegun, keepBegun } from './begun.svelte';
import { hear } from './changes';
import type { Change } from './change.svelte';
import { asError, call } from './ipc';
import type { AppView, ErrorView, ListsView, PersonView, StatusView } from './ipc/bindings';
import type { Device } from './messages/en/codes';
import { pending, UNDO_MS } from './pending.svelte';
import { go, to } from './route.svelte';

/** A draft that was put away on this shift and can be taken up again. */
export interface Discarded {
  id: string;
  kind: string;
  reference: string;
}

class Session {
  app = $state.raw<AppView | null>(null);
  person = $state.raw<PersonView | null>(null);
  lists = $state.raw<ListsView | null>(null);
  status = $state.raw<StatusView | null>(null);
  /** The camera the officer gave last; kept in memory until the lock. */
  camera = $state('');
  /** Who is with the officer and which operation it is, for every new record until the lock. */
  shift = $state({ partner: '', operation: '' });
  discarded = $state<Discarded[]>([]);
  /** A submitted record that is being changed and not yet signed. */
  change = $state.raw<Change | null>(null);
  /** The grounds of the search that "same again" was made from, to be read and not copied. */
  earlier = $state.raw<{ draft: string; grounds: string } | null>(null);
  /** A sentence shown for some seconds, with something to take back. */
  undo = $state.raw<{ words: string; act: () => Promise<void> } | null>(null);
  /** What every screen needs has been asked for: before that a screen would jump. */
  ready = $state(false);
  /** The lists could not be read. */
  error = $state.raw<ErrorView | null>(null);
  #last = '';
  #undoTimer: ReturnType<typeof setTimeout> | undefined;

  get device(): Device {
    return this.app?.formFactor ?? 'phone';
  }

  get supervisor(): boolean {
    return this.person?.rank === 'supervisor';
  }

  /** The screen that unlocking leads to. */
  get start(): string {
    return to(this.supervisor && this.device === 'tablet' ? 'review' : 'home');
  }

  /** Asks what the app can do now; after a reload an open vault goes on as it was. */
  async begin(): Promise<void> {
    this.app = await call('app_view');
    if (this.app.state === 'open') this.opened((await call('home')).person);
  }

  /** A vault is open. */
  opened(person: PersonView): void {
    this.person = person;
    if (this.app) this.app = { ...this.app, state: 'open' };
    void Promise.allSettled([this.refresh(), this.prepare()]).then(() => (this.ready = true));
    // The page that was open at the lock comes back, but only to the same person.
    const other = this.#last !== '' && this.#last !== person.id;
    this.#last = person.id;
    if (other || !location.hash || location.hash === '#/') go(this.start, true);
  }

  /** Fetches what every form needs. */
  prepare = async (): Promise<void> => {
    try {
      this.lists = await call('lists');
      this.error = null;
      void this.#lastCamera().catch(() => undefined);
    } catch (thrown) {
      this.error = asError(thrown);
    }
  };

  async refresh(): Promise<void> {
    if (this.app?.state === 'open') this.status = await call('status');
  }

  /** What was typed is kept and a decision that waits for its signature signed first, then all is
   * closed. */
  async lock(): Promise<void> {
    if (!this.person) return;
    await keepBegun();
    await pending.flush();
    await call('lock');
    await this.locked();
  }

  async locked(): Promise<void> {
    this.app = await call('app_view');
    this.person = null;
    this.ready = false;
    this.status = null;
    this.camera = '';
    this.shift = { partner: '', operation: '' };
    this.discarded = [];
    this.change = null;
    forgetBegun();
    this.earlier = null;
    this.undo = null;
  }

  offer(words: string, act: () => Promise<void>): void {
    clearTimeout(this.#undoTimer);
    this.undo = { words, act };
    this.#undoTimer = setTimeout(() => (this.undo = null), UNDO_MS);
  }

  /** Takes a discarded draft up again. */
  restore = async (id: string): Promise<void> => {
    await call('draft_restore', { id });
    this.discarded = this.discarded.filter((it) => it.id !== id);
  };

  /** The camera of the newest own search, so that it is not typed twice on a shift. */
  async #lastCamera(): Promise<void> {
    const rows = await call('records', { offset: 0, limit: 10, filter: 'all' });
    const row = rows.find((it) => it.kind === 'stop_search');
    if (!row || this.camera) return;
    const video = (await call('record', { id: row.id })).fields['video'];
    if (typeof video === 'string' && !this.camera) this.camera = video;
  }

  listen(): () => void {
    const status = hear(['status', 'records'], () => void this.refresh().catch(() => undefined));
    const lock = hear(['lock'], () => void this.#lockChanged());
    return () => {
      status();
      lock();
    };
  }

  async #lockChanged(): Promise<void> {
    const app = await call('app_view');
    if (app.state !== 'open' && this.person) await this.locked();
    else this.app = app;
  }
}

export const session = new Session();
