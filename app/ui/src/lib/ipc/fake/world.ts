/** The state of the fake, from the query of the address: `?as=supervisor&start=locked&link=connected`. */
import type {
  AppView,
  ConnectionState,
  FieldMap,
  PersonView,
  RecordView,
  RemovedView,
  SendingView,
  SpoolView,
  StatusView,
  TodoView,
} from '../bindings';
import type { Changed } from '../index';
import { draftView, type StoredDraft } from './drafts';
import { officerRecords, supervisorRecords } from './seed';
import { FULL } from './full';
import { viewOf } from './view';
import { HOUR, rowOf, search, state, type Stored } from './stored';

export const PIN = '246810';

export class World {
  readonly query = new URLSearchParams(location.search);
  removed: RemovedView[] = this.query.has('removed') ? [{ why: 'shared', records: 1 }] : [];
  supervisor = this.query.get('as') === 'supervisor';
  app: AppView;
  person: PersonView;
  link: ConnectionState;
  records: Stored[];
  drafts: StoredDraft[] = [];
  previews = new Map<string, Uint8Array>();
  ears = new Set<(what: Changed) => void>();
  decided = 0;
  off = Date.now() - 42 * 60_000;
  #next = 1;

  constructor() {
    const now = Date.now();
    const start = this.query.get('start');
    const label = this.supervisor ? 'Sgt 2093 Ahmed' : 'PC 4417 Patel';
    const tries = Number(this.query.get('tries') ?? 5);
    this.app = {
      state: start === 'new' || start === 'enrolled' || start === 'locked' ? start : 'open',
      formFactor: innerWidth >= 700 ? 'tablet' : 'phone',
      reducedProtection: true,
      vaults:
        start === 'new' || start === 'enrolled'
          ? []
          : [{ id: 'v1', label, triesLeft: tries, waitUntil: null, spool: this.spool() }],
      server: start === 'new' ? null : 'beatbook.west.example',
    };
    this.person = {
      id: 'officer-1',
      label,
      rank: this.supervisor ? 'supervisor' : 'officer',
      team: 'Perry Barr response, team B',
      station: 'Thornhill Road',
      reviewer: this.supervisor ? null : 'Sgt 2093 Ahmed',
      signInNeeded: false,
    };
    this.link = (this.query.get('link') as ConnectionState | null) ?? 'no_connection';
    this.records = this.supervisor ? supervisorRecords(now) : officerRecords(now);
    const many = Number(this.query.get('many') ?? 0);
    if (many > 0) {
      const all = this.records;
      this.records = Array.from({ length: many }, (_, at) => ({
        ...(all[at % all.length] as Stored),
        id: `m${at}`,
        dueAt: now + at * 60_000,
      }));
    }
    if (this.query.has('empty')) this.records = [];
    else if (!this.supervisor && this.query.get('drafts') !== 'none')
      this.drafts.push(this.begun(now - 4 * 60_000));
    const more = FULL[this.query.get('drafts') ?? ''];
    if (more) this.drafts = [this.finished(now - 4 * 60_000, more)];
  }

  /** What a locked vault has sent, or still has to send. */
  spool(): SpoolView | null {
    const state = this.query.get('spool') as SpoolView['state'] | null;
    if (!state) return null;
    const receivedAt = state === 'received' ? Date.now() - 120_000 : null;
    return { state, photos: 2, since: this.off, receivedAt, nextTryAt: null };
  }

  id = (): string => `new${this.#next++}`.padEnd(6, 'x');

  tell(what: Changed): void {
    queueMicrotask(() => this.ears.forEach((ear) => ear(what)));
  }

  begun(at: number): StoredDraft {
    return {
      id: this.id(),
      kind: 'stop_search',
      reference: 'BB20-7K3M-29QX',
      fields: {
        searched_at: at,
        started_at: at,
        subject: 'person',
        place_text: 'Soho Road',
        place_lat_e7: 525_093_100,
        place_lon_e7: -19_340_200,
        place_accuracy_m: 8,
        searched_by_label: this.person.label,
        recorded_by_label: this.person.label,
        station: this.person.station,
      },
      page: 'object',
      startedAt: at,
      savedAt: at,
      photos: [],
      discarded: false,
      steps: [],
    };
  }

  /** A search that only has to be signed; some things about it are worth thinking about. */
  finished(at: number, more: FieldMap): StoredDraft {
    const fields = search(at, this.person.label, 'Soho Road, outside 112', {
      self_ethnicity: 'NS',
      officer_ethnicity: null,
      grounds: 'In a known drugs area he passed a small bag to a driver and took cash.',
      ...more,
    });
    return { ...this.begun(at), id: 'full', fields, page: 'check' };
  }

  /** Chosen by the officer; this host is on a mobile network. */
  photosOverWifi = false;

  status(): StatusView {
    const waiting = this.records.filter((it) => ['saved', 'sending'].includes(it.delivery.code));
    const photos = waiting.flatMap((it) => it.photos).filter((it) => it.state === 'saved');
    const decisions = this.supervisor && this.link !== 'connected' ? 2 + this.decided : 0;
    return {
      connection: {
        state: this.link,
        since: this.off,
        nextTryAt: this.link === 'connected' ? null : Date.now() + 20_000,
        lastExchangeAt: this.link === 'connected' ? Date.now() - 4000 : this.off,
      },
      waitingRecords: this.supervisor ? 0 : waiting.length,
      waitingDecisions: decisions,
      waitingPhotos: photos.length,
      oldestWaiting: waiting.length + decisions > 0 ? this.off : null,
      photosOverWifi: this.photosOverWifi,
      photosWait: this.photosOverWifi,
      moving: this.link === 'connected' && waiting.length > 0 && !this.photosOverWifi,
      clockOffMs: null,
      freeBytes: this.query.has('free') ? Number(this.query.get('free')) : null,
      lease: { over: this.query.has('lease'), until: Date.now() + 60 * HOUR },
    };
  }

  /** Filled in by what has to be signed again. */
  again: TodoView[] = [];

  todo(): TodoView[] {
    const codes = ['returned', 'conflict', 'held', 'not_accepted'];
    const begun = this.records
      .filter((it) => Object.keys(it.begun).length > 0)
      .map((it) => ({
        recordId: it.id,
        code: 'begun',
        by: null,
        text: null,
        reasons: [],
        title: it.title,
        at: Date.now(),
      }));
    return this.supervisor
      ? begun
      : this.again.concat(
          begun,
          this.records
            .filter((it) => it.review && codes.includes(it.review.code))
            .map((it) => ({
              recordId: it.id,
              code: it.review?.code ?? '',
              by: it.review?.by ?? null,
              text: it.timeline.find((line) => line.code === 'returned')?.text ?? null,
              reasons: it.timeline.find((line) => line.code === 'returned')?.reasons ?? [],
              title: it.title,
              at: it.review?.at ?? 0,
            })),
        );
  }

  /** Others' records whose reading was given a reason. */
  reasons = new Set<string>();

  own = (it: Stored): boolean => it.officer === this.person.label;

  view = (it: Stored): RecordView => viewOf(this, it);

  sending(): SendingView {
    const row = (it: Stored, kind: string, bytes: number) => ({
      recordId: it.id,
      kind,
      title: it.title,
      bytes,
      at: rowOf(it, true).happenedAt,
      state: it.delivery.code,
      reason: null,
    });
    const waiting = this.records.filter((it) => it.delivery.code === 'saved');
    const photos = waiting.filter((it) => it.photos.length > 0);
    const day = Date.now() - 12 * HOUR;
    return {
      status: this.status(),
      waiting: [
        ...waiting.map((it) => row(it, 'record', 1400)),
        ...photos.map((it) => ({
          ...row(it, 'photo', 9_600_000),
          reason: this.photosOverWifi ? 'wifi' : null,
        })),
      ],
      details: { repairs: 0, unknown: 0, adrift: 0, unopened: 0, failures: 3, splits: 0 },
      held: this.supervisor
        ? []
        : [
            {
              recordId: null,
              kind: 'record',
              title: 'Change to a colleague’s record',
              bytes: 0,
              at: this.off - 2 * HOUR,
              state: 'held',
              reason: 'team',
            },
          ],
      received: this.records
        .filter((it) => it.delivery.code === 'received' && rowOf(it, true).happenedAt > day)
        .map((it) => row(it, 'record', 0)),
    };
  }

  /** With a connection, what was saved is sent, checked and accepted, as it would be. */
  send(it: Stored): void {
    const steps = ['sending', 'sent', 'received'];
    const step = () => {
      const code = steps.shift();
      if (!code || this.link !== 'connected') return;
      it.delivery = state(code, Date.now());
      if (code === 'received') it.review = state('submitted', Date.now());
      this.tell('records');
      setTimeout(step, 900);
    };
    // So slow that each state can be seen.
    setTimeout(step, 900);
  }

  open(id: string): StoredDraft {
    const found = this.drafts.find((it) => it.id === id && !it.discarded);
    if (!found)
      throw {
        code: 'not_found',
        field: null,
        triesLeft: null,
        thenWaitMs: null,
        waitUntil: null,
        details: null,
      };
    return found;
  }

  one(id: string): Stored {
    const found = this.records.find((it) => it.id === id);
    if (!found)
      throw {
        code: 'not_found',
        field: null,
        triesLeft: null,
        thenWaitMs: null,
        waitUntil: null,
        details: null,
      };
    return found;
  }

  draft = (id: string) => draftView(this.open(id), this.drafts);
}
