/**
 * What is typed below a record and signed later. The core keeps it a moment after the last key, so
 * that neither the lock nor a crash takes it away; the signature, or the officer, ends it.
 */
import { asError, call } from './ipc';
import type { ErrorView, FieldMap, FieldValue, RecordView } from './ipc/bindings';
import { Pause } from './pause';

/** Where it is typed; the core knows the same names. */
export type BegunForm = 'edit' | 'add' | 'choose' | 'withdraw' | 'approve' | 'return' | 'escalate';

/** The sheets on which a decision is written. */
export const DECISIONS: readonly BegunForm[] = ['approve', 'return', 'escalate'];

export class Begun {
  fields = $state.raw<FieldMap>({});
  /** It could not be kept: what was typed is still on the screen. */
  error = $state.raw<ErrorView | null>(null);
  #dirty = false;
  #pause = new Pause(() => void this.keep());
  #keeping: Promise<void> = Promise.resolve();

  constructor(
    readonly id: string,
    readonly form: BegunForm,
    fields: FieldMap,
  ) {
    this.fields = fields;
  }

  get empty(): boolean {
    return Object.keys(this.fields).length === 0;
  }

  words(key: string): string {
    const value = this.fields[key];
    return typeof value === 'string' ? value : '';
  }

  /** Text that was typed; a blank one is nothing. */
  type(key: string, value: FieldValue | null): void {
    const { [key]: _, ...rest } = this.fields;
    this.put(value === '' || value === null ? rest : { ...rest, [key]: value });
  }

  /** Takes over all of it. */
  put(fields: FieldMap): void {
    this.fields = fields;
    this.#dirty = true;
    this.#pause.typed();
  }

  /** Keeps what is not kept yet; one answer is waited for before the next question. */
  keep(): Promise<void> {
    this.#pause.over();
    this.#keeping = this.#keeping.then(() => this.#keep());
    return this.#keeping;
  }

  /** Signs it. What could not be signed stays. */
  async sign<T>(work: () => Promise<T>): Promise<T> {
    await this.keep();
    const done = await work();
    this.ended();
    return done;
  }

  /** The core has signed it, and forgotten it with the signature. */
  ended(): void {
    this.fields = {};
  }

  /** The officer gives it up. */
  drop(): Promise<void> {
    this.put({});
    return this.keep();
  }

  async #keep(): Promise<void> {
    if (!this.#dirty) return;
    const fields = this.fields;
    try {
      await call('begun_set', { id: this.id, form: this.form, fields });
      // What was typed while the answer was on its way stays to be kept.
      this.#dirty = this.fields !== fields;
      this.error = null;
    } catch (thrown) {
      this.error = asError(thrown);
    }
  }
}

const open = new Map<string, Begun>();

/** What was begun on a form below a record: from the core at first, and from then on one for all
 * who ask, until the lock. */
export function begun(view: RecordView, form: BegunForm): Begun {
  const key = `${view.row.id}/${form}`;
  const found = open.get(key) ?? new Begun(view.row.id, form, view.begun[form] ?? {});
  open.set(key, found);
  return found;
}

/** A decision about a record was signed, with the words on whichever sheet it came from. */
export function decided(id: string): void {
  for (const form of DECISIONS) open.get(`${id}/${form}`)?.ended();
}

/** A decision was taken back: its words stay, and nothing is decided. */
export function undecided(id: string): void {
  for (const form of DECISIONS) {
    const found = open.get(`${id}/${form}`);
    if (found?.words('decided')) found.type('decided', null);
  }
}

const others = new Set<() => Promise<void>>();

/** Words that are about no record are kept by this before a lock. Gives how to end that. */
export function hold(keep: () => Promise<void>): () => void {
  others.add(keep);
  return () => void others.delete(keep);
}

/** Keeps all that is not kept yet. */
export async function keepBegun(): Promise<void> {
  const all = [...open.values()].map((it) => it.keep());
  await Promise.all([...all, ...[...others].map((keep) => keep())]);
}

/** The vault was locked: what was begun is in it, and no longer here. */
export function forgetBegun(): void {
  open.clear();
}
