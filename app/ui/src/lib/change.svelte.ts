/**
 * A submitted record that is being changed. Nothing of it is signed until the officer has seen
 * the difference; then all of it is one change. It is kept in memory, until the lock.
 */
import type { Form } from './form';
import { call } from './ipc';
import type { ErrorView, FieldMap, FieldValue, RecordView } from './ipc/bindings';

export class Change implements Form {
  error = $state.raw<ErrorView | null>(null);
  /** What differs from the record as it was read. */
  #changed = $state.raw<FieldMap>({});

  constructor(readonly view: RecordView) {}

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
    return Promise.resolve();
  }

  type(key: string, value: FieldValue | null): void {
    void this.choose({ [key]: value === '' ? null : value });
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
}
