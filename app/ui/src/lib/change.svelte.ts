/**
 * A submitted record that is being changed. Nothing of it is signed until the officer has seen
 * the difference; then all of it is one change. Until then the core keeps it, as it does a draft.
 */
import { begun, type Begun } from './begun.svelte';
import type { Form } from './form';
import { asError, call } from './ipc';
import type { ErrorView, FieldMap, FieldValue, PlaceInput, RecordView } from './ipc/bindings';

export class Change implements Form {
  error = $state.raw<ErrorView | null>(null);
  asks = $state.raw<ReadonlySet<string>>(new Set());
  /** What differs from the record as it was read. */
  #begun: Begun;

  constructor(readonly view: RecordView) {
    this.#begun = begun(view, 'edit');
    void this.#ask();
  }

  get id(): string {
    return this.view.row.id;
  }

  get before(): FieldMap {
    return this.view.fields;
  }

  get fields(): FieldMap {
    return { ...this.view.fields, ...this.#changed };
  }

  get empty(): boolean {
    return Object.keys(this.#changed).length === 0;
  }

  /** Of what was kept, only what differs from what the record says by now. */
  get #changed(): FieldMap {
    return this.#differing(this.#begun.fields);
  }

  #differing(fields: FieldMap): FieldMap {
    return Object.fromEntries(
      Object.entries(fields).filter(([key, value]) => (this.before[key] ?? null) !== value),
    );
  }

  choose(fields: FieldMap): Promise<void> {
    this.#begun.put(this.#differing({ ...this.#changed, ...fields }));
    return this.#ask();
  }

  type(key: string, value: FieldValue | null): void {
    void this.choose({ [key]: value === '' ? null : value });
  }

  async place(place: PlaceInput): Promise<void> {
    try {
      const at = place.grid ? await call('grid_place', { text: place.grid }) : null;
      await this.choose({
        place_lat_e7: at?.latE7 ?? place.latE7,
        place_lon_e7: at?.lonE7 ?? place.lonE7,
        place_accuracy_m: at?.accuracyM ?? place.accuracyM,
        place_source: place.source,
      });
      this.error = null;
    } catch (thrown) {
      this.error = asError(thrown);
    }
  }

  async flush(): Promise<void> {
    await this.#begun.keep();
    this.error = this.#begun.error ?? this.error;
  }

  /** Signs all of it as one change. */
  sign(): Promise<RecordView> {
    const fields = this.#changed;
    return this.#begun.sign(() => call('edit', { id: this.id, fields }));
  }

  drop(): Promise<void> {
    return this.#begun.drop();
  }

  async #ask(): Promise<void> {
    try {
      const { kind } = this.view.row;
      this.asks = new Set((await call('asks', { kind, fields: this.fields })).asks);
    } catch (thrown) {
      this.error = asError(thrown);
    }
  }
}
