/** What the page knows: the list, the devices, whether it is live, and what is shown of it. */
import { untrack } from 'svelte';

import { api, ApiError, type ConsoleDevice, type ConsoleRecord } from './api.ts';
import { openChannel, type Channel } from './channel.ts';
import { filters, matches } from './filter.ts';
import { begin, EMPTY, order, reached, take, type Ledger } from './list.ts';
import * as liveness from './liveness.ts';

/** How long a new row keeps its accent edge. */
const FRESH_MS = 10_000;
/** Changes that come faster than this are taken in together. */
const GATHER_MS = 40;
/** How often it is looked whether the last heartbeat is too old, and ages are counted on. */
const TICK_MS = 500;
/** Rows drawn at once; more on request. */
const ROWS = 200;

export type Loading = 'loading' | 'ready' | { readonly failed: string };

export class Room {
  loading = $state<Loading>('loading');
  ledger = $state.raw<Ledger>(EMPTY);
  /** Null where the account does not see devices. */
  devices = $state.raw<ReadonlyMap<string, ConsoleDevice> | null>(new Map());
  /** The server's clock, as near as it is known. */
  now = $state(Date.now());
  heard = $state.raw<liveness.Liveness>(liveness.SILENT);
  /** When the list last changed. */
  changedAt = $state<number | null>(null);
  /** New rows that still have their edge. */
  fresh = $state.raw<ReadonlySet<string>>(new Set());
  filterKey = $state('all');
  typed = $state('');
  selected = $state<string | null>(null);
  scrolled = $state(false);
  rows = $state(ROWS);
  /** The ids in the order of the screen. It does not move under a reader's eyes. */
  private standing = $state.raw<readonly string[]>([]);

  readonly said = $derived(liveness.said(this.heard, this.now));
  private readonly minute = $derived(Math.floor(this.now / 60_000));
  /** The ids as they ought to stand. */
  private readonly wanted = $derived(
    order(this.ledger.records.values(), Math.max(this.minute * 60_000, 0)),
  );
  readonly all = $derived(this.pick(this.wanted));
  readonly filters = $derived(filters(this.all));
  readonly filter = $derived(
    this.filters.find((filter) => filter.key === this.filterKey) ?? this.filters[0],
  );
  /** What the list and the map show. */
  readonly shown = $derived(
    this.pick(this.standing).filter(
      (record) => (this.filter?.fits(record) ?? true) && matches(record, this.typed.trim()),
    ),
  );
  readonly drawn = $derived(this.shown.slice(0, this.rows));
  /** How many new records wait for the reader to come back to the top. */
  readonly news = $derived.by(() => {
    const standing = new Set(this.standing);
    return this.wanted.filter((id) => !standing.has(id)).length;
  });
  readonly filtered = $derived(this.filter?.key !== 'all' || this.typed.trim() !== '');

  private channel: Channel | null = null;
  private skew = 0;
  private waiting: ConsoleRecord[] = [];
  private gathering: ReturnType<typeof setTimeout> | undefined;
  private ticking: ReturnType<typeof setInterval> | undefined;
  private over = false;

  constructor(private readonly signedOut: () => void) {
    // The rows follow by themselves for as long as nobody is reading further down or in a record.
    $effect(() => {
      const wanted = this.wanted;
      if (!this.scrolled && this.selected === null) untrack(() => this.settle(wanted));
    });
  }

  async start(): Promise<void> {
    this.loading = 'loading';
    try {
      await this.load();
      if (this.over) return;
      this.loading = 'ready';
      this.listen();
    } catch (error) {
      if (!this.over) this.failed(error);
    }
  }

  stop(): void {
    this.over = true;
    this.channel?.close();
    clearTimeout(this.gathering);
    clearInterval(this.ticking);
  }

  /** Brings the new rows in, as the reader asked. */
  showNews(): void {
    this.settle(this.wanted);
  }

  /** A refusal that ends the session is handled here; gives the code of any other. */
  failure(error: unknown): string {
    if (!(error instanceof ApiError)) throw error;
    if (error.signedOut) this.signedOut();
    return error.code;
  }

  private failed(error: unknown): void {
    this.loading = { failed: this.failure(error) };
  }

  private async load(): Promise<void> {
    const [page, devices] = await Promise.all([api.records(), this.loadDevices()]);
    if (devices) this.skew = devices.server_time - Date.now();
    this.tick();
    this.devices = devices && new Map(devices.devices.map((device) => [device.id, device]));
    this.ledger = begin(page);
    const received = page.records.map((record) => record.received_at);
    this.changedAt = received.length > 0 ? Math.max(...received) : null;
  }

  /** Not every role sees devices; all the rest of the page works without. */
  private async loadDevices() {
    try {
      return await api.devices();
    } catch (error) {
      if (error instanceof ApiError && error.code === 'not_found') return null;
      throw error;
    }
  }

  private listen(): void {
    this.ticking = setInterval(() => this.tick(), TICK_MS);
    this.channel = openChannel({
      after: () => this.ledger.position,
      hello: (epoch) => {
        this.heard = liveness.opened(this.heard, this.tick());
        if (epoch !== this.ledger.epoch) void this.reload();
      },
      record: (record) => {
        this.waiting.push(record);
        this.gathering ??= setTimeout(() => this.gather(), GATHER_MS);
      },
      device: (device) => {
        this.heard = liveness.came(this.heard, this.tick(), 0);
        this.devices = new Map(this.devices ?? []).set(device.id, device);
      },
      beat: (position) => {
        this.gather();
        this.heard = liveness.beat(this.heard, this.tick());
        if (position !== null) this.ledger = reached(this.ledger, position);
      },
      lost: () => {
        this.gather();
        this.heard = liveness.lost(this.heard);
        void this.checkSession();
      },
    });
  }

  /** A database restored from a backup counts positions anew: begin again. */
  private async reload(): Promise<void> {
    this.channel?.close();
    clearInterval(this.ticking);
    await this.start();
  }

  /** The channel does not say why it broke; the session may have ended. */
  private async checkSession(): Promise<void> {
    try {
      await api.me();
    } catch (error) {
      if (error instanceof ApiError && error.signedOut && !this.over) this.signedOut();
    }
  }

  private gather(): void {
    clearTimeout(this.gathering);
    this.gathering = undefined;
    if (this.waiting.length === 0) return;
    const taken = take(this.ledger, this.waiting);
    this.waiting = [];
    this.ledger = taken.ledger;
    const now = this.tick();
    this.heard = liveness.came(this.heard, now, taken.added.length);
    if (taken.added.length + taken.changed.length > 0) this.changedAt = now;
  }

  private settle(wanted: readonly string[]): void {
    const before = new Set(this.standing);
    this.standing = wanted;
    // At the first load everything is there at once, so nothing is new.
    if (before.size === 0 && this.heard.heardLast === null) return;
    const fresh = wanted.filter((id) => !before.has(id));
    if (fresh.length === 0) return;
    this.fresh = new Set([...this.fresh, ...fresh]);
    setTimeout(() => {
      this.fresh = new Set([...this.fresh].filter((id) => !fresh.includes(id)));
    }, FRESH_MS);
  }

  private pick(ids: readonly string[]): ConsoleRecord[] {
    return ids.map((id) => this.ledger.records.get(id)).filter((record) => record !== undefined);
  }

  private tick(): number {
    this.now = Date.now() + this.skew;
    return this.now;
  }
}
