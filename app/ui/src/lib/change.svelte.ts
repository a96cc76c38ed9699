/**
 * A submitted record that is being changed. Nothing of it is signed until the officer has seen
 * the difference; then all of it is one change. It is kept in memory, until the lock.
 */
import type { Form } from './form';
import { asError, call } from './ipc';
import type { ErrorView, FieldMap, FieldValue, PlaceInput, RecordView } from './ipc/bindings';

export class Change implements Form {
  error = $state.raw<ErrorView | null>(null);
  asks = $state.raw<ReadonlySet<string>>(new Set());
  /** What differs from the record as it was read. */
  #changed = $state.raw<FieldMap>({});

  constructor(readonly view: RecordView) {
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

  choose(fields: FieldMap): Promise<void> {
    const all = { ...this.#changed, ...fields };
    this.#changed = Object.fromEntries(
      Object.entries(all).filter(([key, value]) => (this.before[key] ?? null) !== value),
    );
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

  flush(): Promise<void> {
    return Promise.resolve();
  }

  /** Signs all of it as one change. */
  async sign(): Promise<RecordView> {
    const signed = await call('edit', { id: this.id, fields: this.#changed });
    this.#changed = {};
    return signed;
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
