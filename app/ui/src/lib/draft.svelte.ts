/**
 * A draft being worked on. Choices are saved at once, text a moment after the last key; what the
 * screen shows is what was typed, and "Saved" is the time of the answer, never a guess.
 */
import { changedFields } from './fields';
import type { Form } from './form';
import { asError, call } from './ipc';
import type {
  DraftView,
  ErrorView,
  FieldMap,
  FieldValue,
  PhotoView,
  PlaceInput,
  PlaceView,
} from './ipc/bindings';
import { Pause } from './pause';

export class Draft implements Form {
  view = $state.raw<DraftView | null>(null);
  error = $state.raw<ErrorView | null>(null);
  /** What was typed and is not yet in the answer. */
  #typed = $state.raw<FieldMap>({});
  #page: string | null = null;
  #pause = new Pause(() => void this.flush());
  #saving: Promise<void> = Promise.resolve();

  constructor(readonly id: string) {}

  get fields(): FieldMap {
    return { ...this.view?.fields, ...this.#typed };
  }

  get unsaved(): boolean {
    return Object.keys(this.#typed).length > 0;
  }

  get asks(): ReadonlySet<string> {
    return new Set(this.view?.asks);
  }

  async load(): Promise<void> {
    try {
      this.view = await call('draft', { id: this.id });
      this.error = null;
    } catch (thrown) {
      this.error = asError(thrown);
    }
  }

  choose(fields: FieldMap): Promise<void> {
    this.#typed = { ...this.#typed, ...fields };
    return this.flush();
  }

  type(key: string, value: FieldValue | null): void {
    this.#typed = { ...this.#typed, [key]: value === '' ? null : value };
    this.#pause.typed();
  }

  /** Takes the last step back; says which field it was. */
  async undo(): Promise<string> {
    await this.flush();
    const before = this.fields;
    try {
      this.view = await call('draft_undo', { id: this.id });
      this.error = null;
    } catch (thrown) {
      this.error = asError(thrown);
    }
    return changedFields(before, this.fields)[0] ?? '';
  }

  /** Gives it coordinates. The officer's own words for the place stay as they are. */
  async place(place: PlaceInput): Promise<void> {
    await this.flush();
    try {
      this.view = await call('draft_place', { id: this.id, place });
      this.error = null;
    } catch (thrown) {
      this.error = asError(thrown);
    }
  }

  /** Takes over a position that was found late: it gives way to one that is there by now. */
  found(at: PlaceView, fixAt: number | null): Promise<void> {
    const place = { source: 'gps', ...at, grid: null, fixAt, late: true };
    const taken = this.#saving.then(async () => {
      this.view = await call('draft_place', { id: this.id, place });
    });
    // What comes next does not wait for the outcome: without a position the words stand alone.
    this.#saving = taken.catch(() => undefined);
    return taken;
  }

  /** Remembers where the officer is, to continue there. */
  at(page: string): void {
    if (this.view && this.view.page !== page) {
      this.#page = page;
      void this.flush();
    }
  }

  /** Saves what is typed; one answer is waited for before the next question. */
  flush(): Promise<void> {
    this.#pause.over();
    this.#saving = this.#saving.then(() => this.#save());
    return this.#saving;
  }

  /** Takes over photos that were added beside the fields. */
  photos(photos: PhotoView[]): void {
    if (this.view) this.view = { ...this.view, photos };
  }

  async #save(): Promise<void> {
    const fields = this.#typed;
    const page = this.#page;
    if (Object.keys(fields).length === 0 && page === null) {
      // All is saved: whatever failed before is tried again by whoever asked for it.
      this.error = null;
      return;
    }
    this.error = await this.#patch(fields, page);
  }

  /** What cannot be taken, as pasted megabytes, stays on the screen and keeps nothing else from
   * the journal. */
  async #patch(fields: FieldMap, page: string | null): Promise<ErrorView | null> {
    try {
      this.view = await call('draft_set', { id: this.id, fields, page });
    } catch (thrown) {
      const error = asError(thrown);
      const { [error.field ?? '']: refused, ...others } = fields;
      const more = Object.keys(others).length > 0 || page !== null;
      if (error.code === 'bad_input' && refused !== undefined && more) {
        await this.#patch(others, page);
      }
      return error;
    }
    this.#page = this.#page === page ? null : this.#page;
    // What was typed while the answer was on its way stays to be saved.
    this.#typed = Object.fromEntries(
      Object.entries(this.#typed).filter(([key, value]) => fields[key] !== value),
    );
    return null;
  }
}
