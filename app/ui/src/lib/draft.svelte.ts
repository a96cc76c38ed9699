/**
 * A draft being worked on. Choices are saved at once, text a moment after the last key; what the
 * screen shows is what was typed, and "Saved" is the time of the answer, never a guess.
 */
import { valuesOf, type Form } from './form';
import { asError, call } from './ipc';
import type { DraftView, ErrorView, FieldMap, FieldValue, PhotoView } from './ipc/bindings';

/** How long after the last key text is saved. */
const TYPING_MS = 400;
/** How many steps can be taken back. */
const STEPS = 100;

export class Draft implements Form {
  view = $state.raw<DraftView | null>(null);
  error = $state.raw<ErrorView | null>(null);
  /** What was typed and is not yet in the answer. */
  #typed = $state.raw<FieldMap>({});
  /** What each step replaced, newest last. */
  #past = $state.raw<FieldMap[]>([]);
  /** The field that is being typed in: its keys are one step. */
  #typing = '';
  #page: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #saving: Promise<void> = Promise.resolve();

  constructor(readonly id: string) {}

  get fields(): FieldMap {
    return { ...this.view?.fields, ...this.#typed };
  }

  get unsaved(): boolean {
    return Object.keys(this.#typed).length > 0;
  }

  /** The fields that the last step changed; none if there is nothing to take back. */
  get undoable(): string[] {
    return Object.keys(this.#past.at(-1) ?? {});
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
    this.#typing = '';
    this.#remember(Object.keys(fields));
    this.#typed = { ...this.#typed, ...fields };
    return this.flush();
  }

  type(key: string, value: FieldValue | null): void {
    if (this.#typing !== key) this.#remember([key]);
    this.#typing = key;
    this.#typed = { ...this.#typed, [key]: value === '' ? null : value };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), TYPING_MS);
  }

  /** Takes the last step back: what it replaced stands again. */
  undo(): Promise<void> {
    const before = this.#past.at(-1);
    if (!before) return Promise.resolve();
    this.#past = this.#past.slice(0, -1);
    this.#typing = '';
    this.#typed = { ...this.#typed, ...before };
    return this.flush();
  }

  /** Remembers where the officer is, to continue there. */
  at(page: string): void {
    this.#typing = '';
    if (this.view && this.view.page !== page) {
      this.#page = page;
      void this.flush();
    }
  }

  /** Saves what is typed; one answer is waited for before the next question. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#saving = this.#saving.then(() => this.#save());
    return this.#saving;
  }

  /** Takes over photos that were added beside the fields. */
  photos(photos: PhotoView[]): void {
    if (this.view) this.view = { ...this.view, photos };
  }

  #remember(keys: string[]): void {
    this.#past = [...this.#past.slice(1 - STEPS), valuesOf(this.fields, keys)];
  }

  async #save(): Promise<void> {
    const fields = this.#typed;
    const page = this.#page;
    if (Object.keys(fields).length === 0 && page === null) {
      // All is saved: whatever failed before is tried again by whoever asked for it.
      this.error = null;
      return;
    }
    try {
      this.view = await call('draft_set', { id: this.id, fields, page });
      this.error = null;
      this.#page = this.#page === page ? null : this.#page;
      // What was typed while the answer was on its way stays to be saved.
      this.#typed = Object.fromEntries(
        Object.entries(this.#typed).filter(([key, value]) => fields[key] !== value),
      );
    } catch (thrown) {
      this.error = asError(thrown);
    }
  }
}
