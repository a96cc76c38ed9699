/**
 * The one door to the host. Nothing else imports @tauri-apps/api, so screens run the same
 * against the app's core and, while they are being made, against the fake in memory.
 */
import type {
  AppView,
  AsksView,
  AuthorisationView,
  ColleagueView,
  ComparisonView,
  ConfirmView,
  DraftView,
  EnrolledView,
  EntryInput,
  ErrorView,
  FieldMap,
  FieldValue,
  FindInput,
  FormFactor,
  FrameInput,
  HeldTasksView,
  HereView,
  HomeView,
  ListsView,
  MapView,
  PatternsView,
  PersonView,
  PhotoView,
  PlaceInput,
  PlaceView,
  QueueView,
  ReceiptView,
  RecentPlaceView,
  RecordRow,
  RecordView,
  RecoveryView,
  ReviewInput,
  SampleView,
  SearchView,
  SendingView,
  StatusView,
  UnsentView,
  VersionView,
  WhereView,
} from './bindings';

/** What an event says moved, so that a screen asks again for what it shows. */
export type Changed = 'records' | 'status' | 'drafts' | 'lock';

/** Each command with its arguments and its answer. */
export interface Commands {
  app_view: { args: void; answer: AppView };
  enrol: { args: { link: string; formFactor: FormFactor }; answer: EnrolledView };
  create_vault: { args: { collar: string; password: string; pin: string }; answer: PersonView };
  unlock: { args: { vault: string; pin: string }; answer: PersonView };
  sign_in: { args: { password: string }; answer: PersonView };
  lock: { args: void; answer: null };
  touch: { args: void; answer: null };
  home: { args: void; answer: HomeView };
  status: { args: void; answer: StatusView };
  lists: { args: void; answer: ListsView };
  records: { args: { offset: number; limit: number; filter: string }; answer: RecordRow[] };
  find: { args: { input: FindInput }; answer: SearchView };
  record: { args: { id: string; reason?: string }; answer: RecordView };
  begun_set: { args: { id: string; form: string; fields: FieldMap }; answer: null };
  version: { args: { id: string; number: number }; answer: VersionView };
  draft_new: { args: { kind: string; copyOf: string | null }; answer: DraftView };
  draft: { args: { id: string }; answer: DraftView };
  draft_set: { args: { id: string; fields: FieldMap; page: string | null }; answer: DraftView };
  draft_undo: { args: { id: string }; answer: DraftView };
  draft_place: { args: { id: string; place: PlaceInput }; answer: DraftView };
  map: { args: { frame: FrameInput }; answer: MapView };
  asks: { args: { kind: string; fields: FieldMap }; answer: AsksView };
  where_is: { args: { latE7: number; lonE7: number }; answer: WhereView };
  grid_place: { args: { text: string }; answer: PlaceView };
  recent_places: { args: void; answer: RecentPlaceView[] };
  authorisations: { args: { place: PlaceView | null }; answer: AuthorisationView[] };
  draft_discard: { args: { id: string; reason: string }; answer: null };
  draft_restore: { args: { id: string }; answer: DraftView };
  draft_submit: { args: { id: string }; answer: ReceiptView | null };
  receipt: { args: { id: string }; answer: ReceiptView };
  receipt_given: { args: { id: string; how: string }; answer: null };
  compare: { args: { id: string; before: number; after: number }; answer: ComparisonView };
  resubmit: { args: { id: string }; answer: RecordView };
  let_go: { args: { id: string }; answer: RecordView };
  confirmations: { args: void; answer: ConfirmView[] };
  confirm: { args: { entry: string }; answer: RecordView };
  confirm_drop: { args: { entry: string }; answer: null };
  colleagues: { args: void; answer: ColleagueView[] };
  share: { args: { id: string; officer: string }; answer: RecordView };
  unshare: { args: { id: string; officer: string }; answer: RecordView };
  submit_record: { args: { id: string }; answer: RecordView };
  held_tasks: { args: void; answer: HeldTasksView };
  release: { args: { entry: string; reason: string }; answer: HeldTasksView };
  uphold: { args: { entry: string; reason: string }; answer: HeldTasksView };
  ruling_set: { args: { entry: string; act: string; words: string }; answer: null };
  recover_begin: {
    args: { vault: string; collar: string; password: string };
    answer: RecoveryView;
  };
  recover_check: { args: { vault: string }; answer: RecoveryView };
  recover_finish: { args: { vault: string; pin: string }; answer: PersonView };
  recover_cancel: { args: void; answer: null };
  export_unsent: { args: void; answer: UnsentView };
  edit: { args: { id: string; fields: FieldMap }; answer: RecordView };
  add_entry: { args: { input: EntryInput }; answer: RecordView };
  withdraw: { args: { id: string; reason: string }; answer: RecordView };
  resolve: { args: { id: string; field: string; value: FieldValue | null }; answer: RecordView };
  queue: { args: void; answer: QueueView };
  review: { args: { input: ReviewInput }; answer: RecordView };
  patterns: { args: { days: number }; answer: PatternsView };
  sample: { args: { days: number; count: number; seed: string }; answer: SampleView };
  sending: { args: void; answer: SendingView };
  removed_seen: { args: void; answer: null };
  photos_over_wifi: { args: { on: boolean }; answer: null };
  try_now: { args: void; answer: null };
  place_here: { args: void; answer: HereView };
}

export type Command = keyof Commands;

/** A photo on its way into a record: raw bytes, so that nothing is copied through text. */
export interface NewPhoto {
  record: string;
  name: string;
  caption: string;
  bytes: Uint8Array;
}

/** What stands behind the screens. */
export interface Host {
  call<C extends Command>(command: C, args: Commands[C]['args']): Promise<Commands[C]['answer']>;
  addPhoto(photo: NewPhoto): Promise<PhotoView>;
  preview(id: string): Promise<ArrayBuffer>;
  onChanged(hear: (what: Changed) => void): Promise<() => void>;
}

const tauri: Host = {
  async call(command, args) {
    const { invoke } = await import('@tauri-apps/api/core');
    return invoke(command, args ?? {});
  },
  async addPhoto({ record, name, caption, bytes }) {
    const { invoke } = await import('@tauri-apps/api/core');
    const headers = {
      'x-record': record,
      'x-name': encodeURIComponent(name),
      'x-caption': encodeURIComponent(caption),
    };
    return invoke('photo_add', bytes, { headers });
  },
  async preview(id) {
    const { invoke } = await import('@tauri-apps/api/core');
    return invoke('photo_preview', { id });
  },
  async onChanged(hear) {
    const { listen } = await import('@tauri-apps/api/event');
    return listen<{ what: Changed }>('changed', (event) => hear(event.payload.what));
  },
};

async function choose(): Promise<Host> {
  // The mode is a constant of the build: production holds no line of the fake.
  if (import.meta.env.MODE !== 'production' && !('__TAURI_INTERNALS__' in window)) {
    return (await import('./fake')).fake;
  }
  return tauri;
}

let chosen: Promise<Host> | undefined;

/** The host, chosen once. */
export function host(): Promise<Host> {
  return (chosen ??= choose());
}

/** Calls a command. Failure is thrown as an `ErrorView`. */
export async function call<C extends Command>(
  command: C,
  ...args: Commands[C]['args'] extends void ? [] : [Commands[C]['args']]
): Promise<Commands[C]['answer']> {
  return (await host()).call(command, args[0] as Commands[C]['args']);
}

export async function addPhoto(photo: NewPhoto): Promise<PhotoView> {
  return (await host()).addPhoto(photo);
}

export async function preview(id: string): Promise<ArrayBuffer> {
  return (await host()).preview(id);
}

export async function onChanged(hear: (what: Changed) => void): Promise<() => void> {
  return (await host()).onChanged(hear);
}

/** What was thrown, as an error with a code; anything unknown is `unexpected`. */
export function asError(thrown: unknown): ErrorView {
  if (typeof thrown === 'object' && thrown !== null && 'code' in thrown) {
    return thrown as ErrorView;
  }
  return {
    code: 'unexpected',
    field: null,
    triesLeft: null,
    thenWaitMs: null,
    waitUntil: null,
    details: null,
  };
}
