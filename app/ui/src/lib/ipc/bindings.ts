// Generated from app/core/src/view by `cargo xtask generate`; do not edit.

export type FieldMap = { [key: string]: FieldValue | null };
export type ErrorView = { 
/**
 * A stable code.
 */
code: string, 
/**
 * The field it is about, if it is about one.
 */
field: string | null, 
/**
 * Tries left before a wait, for a wrong PIN.
 */
triesLeft: number | null, 
/**
 * Until when no attempt is taken.
 */
waitUntil: number | null, 
/**
 * An id for support; never words of a record.
 */
details: string | null, };
export type AppState = "new" | "enrolled" | "locked" | "open";
export type FormFactor = "phone" | "tablet";
export type AppView = { 
/**
 * What the app can do now.
 */
state: AppState, 
/**
 * Phone or tablet, as enrolled; a phone until then.
 */
formFactor: FormFactor, 
/**
 * True where the PIN is not strengthened by a key store of the platform.
 */
reducedProtection: boolean, 
/**
 * The vaults on this device.
 */
vaults: Array<VaultView>, 
/**
 * The host name of the server, once enrolled.
 */
server: string | null, };
export type VaultView = { 
/**
 * Identifies the vault to `unlock`.
 */
id: string, 
/**
 * For example "PC 4417 Patel".
 */
label: string, 
/**
 * Attempts left before the next wait.
 */
triesLeft: number, 
/**
 * Until when no attempt is taken, if a wait is on.
 */
waitUntil: number | null, };
export type EnrolledView = { 
/**
 * The name the administrator gave the device.
 */
device: string, 
/**
 * The force the server belongs to.
 */
force: string, };
export type Rank = "officer" | "supervisor";
export type PersonView = { 
/**
 * The officer's id.
 */
id: string, 
/**
 * For example "PC 4417 Patel".
 */
label: string, 
/**
 * Officer or supervisor.
 */
rank: Rank, 
/**
 * The team's name.
 */
team: string, 
/**
 * The station, as said to the person searched.
 */
station: string, 
/**
 * Who reviews this person's records, for example "Sgt 2093 Ahmed".
 */
reviewer: string | null, 
/**
 * True once the session with the server has to be renewed with a password.
 */
signInNeeded: boolean, };
export type DraftRow = { 
/**
 * The draft's id, which becomes the record's.
 */
id: string, 
/**
 * `stop_search` or `note`.
 */
kind: string, 
/**
 * The place as typed so far.
 */
place: string | null, 
/**
 * When it was begun.
 */
startedAt: number, 
/**
 * How far the required items are.
 */
required: RequiredView, };
export type RequiredView = { 
/**
 * Present.
 */
done: number, 
/**
 * In all: seven for a search (PACE s.3).
 */
of: number, };
export type DraftView = { 
/**
 * The draft's id, which becomes the record's.
 */
id: string, 
/**
 * `stop_search` or `note`.
 */
kind: string, 
/**
 * The reference given to the person, minted on this device.
 */
reference: string, 
/**
 * The fields typed so far.
 */
fields: { [key in string]: FieldValue | null }, 
/**
 * Photos attached so far.
 */
photos: Array<PhotoView>, 
/**
 * How far the required items are.
 */
required: RequiredView, 
/**
 * What stands between this draft and a record.
 */
problems: Array<ProblemView>, 
/**
 * What a supervisor might ask; never a hurdle.
 */
advice: Array<AdviceView>, 
/**
 * When the last keystroke was committed to the encrypted store.
 */
savedAt: number, 
/**
 * The last page the officer was on, to continue there.
 */
page: string | null, };
export type ProblemView = { 
/**
 * The field it is about.
 */
field: string, 
/**
 * A stable code; the words are the front-end's.
 */
code: string, };
export type AdviceView = { 
/**
 * The field it is about.
 */
field: string, 
/**
 * A stable code; the words are the front-end's.
 */
code: string, 
/**
 * The words in the text it points at, if any.
 */
phrase: string | null, };
export type CodeListView = { 
/**
 * For example `objects`, `powers`, `self_ethnicities`.
 */
name: string, 
/**
 * Entries in effect now.
 */
codes: Array<CodeView>, };
export type CodeView = { 
/**
 * The stored code.
 */
code: string, 
/**
 * What officers read.
 */
label: string, 
/**
 * A second line, for example the governing Act.
 */
detail: string | null, 
/**
 * The group it is listed under, where the list has groups.
 */
group: string | null, 
/**
 * For an object of search: the power usually set with it.
 */
power: string | null, 
/**
 * For a power: false where it needs an authorisation instead of individual grounds.
 */
suspicion: boolean | null, };
export type HintView = { 
/**
 * Lower-case phrase looked for.
 */
phrase: string, 
/**
 * The advice code.
 */
code: string, };
export type ListsView = { 
/**
 * Version of the lists, with their date.
 */
version: string, 
/**
 * All lists.
 */
lists: Array<CodeListView>, 
/**
 * Phrases for hints on grounds.
 */
hints: Array<HintView>, };
export type AreaView = { 
/**
 * Ward code.
 */
code: string, 
/**
 * Ward name.
 */
name: string, 
/**
 * District name.
 */
district: string, };
export type PlaceView = { 
/**
 * Latitude in 1e-7 degrees.
 */
latE7: number, 
/**
 * Longitude in 1e-7 degrees.
 */
lonE7: number, 
/**
 * How exact it is, in metres.
 */
accuracyM: number, };
export type ReceiptView = { 
/**
 * The record.
 */
recordId: string, 
/**
 * The reference.
 */
reference: string, 
/**
 * The officer's name and number, or the number alone where identity is protected.
 */
officer: string, 
/**
 * The station.
 */
station: string, 
/**
 * The power's label.
 */
power: string, 
/**
 * The object's label.
 */
object: string, 
/**
 * When the search was.
 */
searchedAt: number, 
/**
 * The place in the officer's words.
 */
place: string, 
/**
 * Last day on which the record can be asked for, as YYYY-MM-DD.
 */
copyUntil: string, 
/**
 * A QR code as a data-free list of rows of 0 and 1, dark is 1.
 */
qr: Array<string>, };
export type FieldValue = boolean | number | string;
export type StateView = { 
/**
 * `draft`, `saved`, `sending`, `sent`, `parked`, `received`, `received_photos_here`,
 * `held`, `not_accepted`, `submitted`, `returned`, `approved_here`, `returned_here`,
 * `approved`, `escalated`, `amended`, `conflict`, `withdrawn`.
 */
code: string, 
/**
 * When it became so.
 */
at: number | null, 
/**
 * Who made it so.
 */
by: string | null, 
/**
 * How many photos it is about.
 */
photos: number | null, 
/**
 * A reason code, for `held` and `not_accepted`.
 */
reason: string | null, };
export type RecordRow = { 
/**
 * The record's id.
 */
id: string, 
/**
 * `stop_search` or `note`.
 */
kind: string, 
/**
 * The object's label, or the note's first words.
 */
title: string, 
/**
 * For a search: `person`, `vehicle`, `person_and_vehicle`, `unattended_vehicle`.
 */
subject: string | null, 
/**
 * The place in the officer's words.
 */
place: string | null, 
/**
 * How many photos it names.
 */
photos: number, 
/**
 * Whose record, where it is not the reader's own.
 */
officer: string | null, 
/**
 * When it happened.
 */
happenedAt: number, 
/**
 * Where the words are.
 */
delivery: StateView, 
/**
 * What the review says.
 */
review: StateView | null, 
/**
 * Which of the two a list shows: `delivery` or `review`.
 */
shown: string, };
export type TodoView = { 
/**
 * The record it is about.
 */
recordId: string, 
/**
 * `returned`, `conflict`, `held`, `not_accepted`.
 */
code: string, 
/**
 * Who asked.
 */
by: string | null, 
/**
 * Their words.
 */
text: string | null, 
/**
 * The record's title.
 */
title: string, 
/**
 * Since when.
 */
at: number, };
export type HomeView = { 
/**
 * The signed-in person.
 */
person: PersonView, 
/**
 * Connection and what waits.
 */
status: StatusView, 
/**
 * Unfinished records, newest first.
 */
drafts: Array<DraftRow>, 
/**
 * What wants this person.
 */
todo: Array<TodoView>, 
/**
 * The newest of their own records.
 */
records: Array<RecordRow>, 
/**
 * How many of their own there are in all.
 */
total: number, 
/**
 * How many records wait for this person's review; 0 for officers.
 */
toReview: number, };
export type SearchView = { 
/**
 * Hits, newest first, at most 50.
 */
records: Array<RecordRow>, 
/**
 * How many records the search looked through.
 */
searched: number, 
/**
 * The oldest of them.
 */
since: number | null, };
export type PhotoView = { 
/**
 * The photo's id.
 */
id: string, 
/**
 * SHA-256 of the original, hexadecimal.
 */
sha256: string, 
/**
 * Its caption.
 */
caption: string | null, 
/**
 * Bytes of the original.
 */
bytes: number, 
/**
 * When it was taken or added.
 */
takenAt: number, 
/**
 * `saved`, `sending`, `received`, or `elsewhere` (named by the record, bytes not here).
 */
state: string, 
/**
 * Bytes sent so far, while `sending`.
 */
sent: number, 
/**
 * True if a preview can be fetched with `photo_preview`.
 */
preview: boolean, };
export type OptionView = { 
/**
 * The value.
 */
value: FieldValue | null, 
/**
 * Who wrote it.
 */
by: string | null, 
/**
 * When, by the writing device.
 */
at: number | null, };
export type ConflictView = { 
/**
 * The field.
 */
field: string, 
/**
 * Its values, in no order of merit.
 */
options: Array<OptionView>, };
export type AddendumView = { 
/**
 * Its words.
 */
text: string, 
/**
 * Who added it.
 */
by: string, 
/**
 * When, by the writing device.
 */
at: number, };
export type TimelineView = { 
/**
 * `written`, `changed`, `added`, `submitted`, `received`, `approved`, `returned`,
 * `escalated`, `withdrawn`, `held`, `not_accepted`.
 */
code: string, 
/**
 * Who.
 */
by: string | null, 
/**
 * When, by the device that did it.
 */
deviceTime: number, 
/**
 * When the server received it, if it has.
 */
serverTime: number | null, 
/**
 * The words that belong to it.
 */
text: string | null, 
/**
 * Reason codes of a return.
 */
reasons: Array<string>, 
/**
 * True once the server has accepted it.
 */
accepted: boolean, };
export type MadeView = { number: number, by: string | null, device: string | null, here: boolean, at: number | null, receivedAt: number | null, accepted: boolean, };
export type VersionView = { number: number, made: MadeView, fields: { [key in string]: FieldValue | null }, labels: { [key in string]: string }, addenda: Array<string>, photos: number, };
export type ComparedView = { field: string, before: FieldValue | null, after: FieldValue | null, beforeLabel: string | null, afterLabel: string | null, };
export type ComparisonView = { before: MadeView, after: MadeView, fields: Array<ComparedView>, addenda: Array<string>, photos: Array<string>, };
export type HeldView = { code: string, reason: string | null, at: number | null, whole: boolean, fields: { [key in string]: FieldValue | null }, labels: { [key in string]: string }, addenda: Array<string>, photos: number, };
export type ConfirmView = { entry: string, recordId: string, title: string, kind: string, what: string | null, text: string | null, reason: string, at: number, };
export type HeldTaskView = { entry: string, recordId: string | null, here: boolean, officer: string, kind: string, reason: string, receivedAt: number, title: string | null, reference: string | null, place: string | null, happenedAt: number | null, object: string | null, power: string | null, answered: boolean, };
export type HeldTasksView = { rows: Array<HeldTaskView>, connected: boolean, };
export type ShareView = { officerId: string, label: string, at: number, accepted: boolean, };
export type ColleagueView = { id: string, label: string, team: string, };
export type RecordView = { 
canShare: boolean, canSubmit: boolean, shared: Array<ShareView>, held: HeldView | null, versions: Array<MadeView>, unsent: boolean, 
/**
 * The list row of it.
 */
row: RecordRow, 
/**
 * The reference.
 */
reference: string, 
/**
 * The author.
 */
officer: string, 
/**
 * True if the reader wrote it.
 */
own: boolean, 
/**
 * Its fields, labels of codes beside them in `labels`.
 */
fields: { [key in string]: FieldValue | null }, 
/**
 * What officers read for each coded field.
 */
labels: { [key in string]: string }, 
/**
 * Ward and district of the place.
 */
ward: string | null, 
/**
 * Photos it names.
 */
photos: Array<PhotoView>, 
/**
 * Added after submission.
 */
addenda: Array<AddendumView>, 
/**
 * Fields with several concurrent values.
 */
conflicts: Array<ConflictView>, 
/**
 * Its history, oldest first.
 */
timeline: Array<TimelineView>, 
/**
 * Which version this is.
 */
version: number, 
/**
 * The heads shown, which a review of this screen is bound to.
 */
heads: Array<string>, 
/**
 * True if the reader may add to it.
 */
canAdd: boolean, 
/**
 * True if the reader may withdraw it.
 */
canWithdraw: boolean, 
/**
 * Present for a reader who reviews.
 */
review: ReviewPanel | null, 
/**
 * True for another's record: reading it is logged.
 */
logged: boolean, };
export type QueueRow = { 
/**
 * The record.
 */
id: string, 
/**
 * `stop_search` or `note`.
 */
kind: string, 
/**
 * The object's label, or the note's first words.
 */
title: string, 
/**
 * For a search: what was searched.
 */
subject: string | null, 
/**
 * The author.
 */
officer: string, 
/**
 * When it happened.
 */
happenedAt: number, 
/**
 * When the review is due.
 */
dueAt: number, 
/**
 * Flags in the order of weight: `safety`, `under_18`, `no_video`, `grounds`, `force`,
 * `late_record`, `more_than_outer`, `amended`, `second_version`, `photos_missing`.
 */
flags: Array<string>, 
/**
 * What the review says so far.
 */
review: StateView, };
export type QueueView = { 
/**
 * Connection and what waits.
 */
status: StatusView, 
/**
 * Waiting, oldest deadline first.
 */
rows: Array<QueueRow>, 
/**
 * Decided on this device and not yet accepted by the server.
 */
decidedHere: number, };
export type ReviewPanel = { 
/**
 * True if approve is offered.
 */
canApprove: boolean, 
/**
 * True if return is offered.
 */
canReturn: boolean, 
/**
 * Why approve is not offered: `own_record`, `rank`, `conflict`, `not_current`, `decided`,
 * `withdrawn`, `unsynced`.
 */
refused: string | null, 
/**
 * Checks that found nothing, as codes.
 */
checksFit: Array<string>, 
/**
 * What to read and decide.
 */
advice: Array<AdviceView>, 
/**
 * Photos named but not yet on the server.
 */
photosMissing: number, 
/**
 * The queue's deadline.
 */
dueAt: number, };
export type ReviewInput = { 
/**
 * The record.
 */
recordId: string, 
/**
 * `approve` or `return`.
 */
verdict: string, 
/**
 * The heads the screen showed.
 */
heads: Array<string>, 
/**
 * Reason codes: `grounds`, `power_object`, `ethnicity`, `video`, `copy`, `level`, `other`.
 */
reasons: Array<string>, 
/**
 * The words as written.
 */
text: string | null, 
/**
 * `yes`, `no`, `does_not_apply`.
 */
videoViewed: string | null, };
export type ConnectionState = "connected" | "no_connection" | "server_silent" | "sign_in" | "revoked" | "upgrade";
export type ConnectionView = { 
/**
 * What is known.
 */
state: ConnectionState, 
/**
 * Since when it is so.
 */
since: number | null, 
/**
 * When the next attempt is made.
 */
nextTryAt: number | null, 
/**
 * When the last exchange ended well.
 */
lastExchangeAt: number | null, };
export type LeaseView = { 
/**
 * True once others' records are locked until the next exchange. Capture goes on.
 */
over: boolean, 
/**
 * Until when they are shown, if the server is not heard before.
 */
until: number, };
export type StatusView = { 
/**
 * The way to the server.
 */
connection: ConnectionView, 
/**
 * Records with entries not yet received.
 */
waitingRecords: number, 
/**
 * Decisions (reviews) not yet received.
 */
waitingDecisions: number, 
/**
 * Photos not yet received.
 */
waitingPhotos: number, 
/**
 * Since when the oldest of them waits.
 */
oldestWaiting: number | null, 
/**
 * True while bytes move.
 */
moving: boolean, 
/**
 * Server time minus device time, once known and over two minutes.
 */
clockOffMs: number | null, 
/**
 * For how long others' records are shown.
 */
lease: LeaseView, };
export type SendingRow = { 
/**
 * The record, if it belongs to one.
 */
recordId: string | null, 
/**
 * `record`, `decision`, `photo`, `other`.
 */
kind: string, 
/**
 * The record's title.
 */
title: string, 
/**
 * Bytes still to send.
 */
bytes: number, 
/**
 * Since when it waits, or when it was received.
 */
at: number, 
/**
 * `saved`, `sending`, `sent`, `parked`, `held`, `not_accepted`, `received`.
 */
state: string, 
/**
 * The reason of `held` and `not_accepted`.
 */
reason: string | null, };
export type SendingView = { 
/**
 * The strip.
 */
status: StatusView, 
/**
 * Only here.
 */
waiting: Array<SendingRow>, 
/**
 * Received but not accepted: held for checking, or not accepted.
 */
held: Array<SendingRow>, 
/**
 * Accepted today.
 */
received: Array<SendingRow>, };
export type SpoolState = "nothing" | "waiting" | "sending" | "received" | "needs_unlock";
export type SpoolView = { state: SpoolState, photos: number, since: number | null, receivedAt: number | null, nextTryAt: number | null, };
export type RecoveryState = "waiting" | "answered";
export type RecoveryView = { code: string, expires: number, state: RecoveryState, };
export type UnsentView = { path: string, entries: number, photos: number, photosMissing: number, bytes: number, };
