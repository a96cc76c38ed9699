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
 * How long that wait is.
 */
thenWaitMs: number | null, 
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
waitUntil: number | null, 
/**
 * What was submitted and how it stands; none before the device is enrolled.
 */
spool: SpoolView | null, };
export type SpoolState = "nothing" | "waiting" | "sending" | "received" | "needs_unlock";
export type SpoolView = { 
/**
 * Of words and decisions.
 */
state: SpoolState, 
/**
 * Photos that go after the vault is next open.
 */
photos: number, 
/**
 * Since when the oldest of what waits does.
 */
since: number | null, 
/**
 * When the server last received something while it was locked.
 */
receivedAt: number | null, 
/**
 * When the next attempt is made.
 */
nextTryAt: number | null, };
export type RecoveryState = "waiting" | "answered";
export type RecoveryView = { 
/**
 * What the officer tells whoever holds the escrow key.
 */
code: string, 
/**
 * Until when it can be used.
 */
expires: number, 
/**
 * How it stands.
 */
state: RecoveryState, };
export type UnsentView = { 
/**
 * Where it lies.
 */
path: string, 
/**
 * Entries in it.
 */
entries: number, 
/**
 * Photos in it.
 */
photos: number, 
/**
 * Photos that it names and whose bytes this device has no more.
 */
photosMissing: number, 
/**
 * Bytes of the file.
 */
bytes: number, };
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
page: string | null, 
/**
 * What the power rests on: `grounds`, `authorisation` or `order`.
 */
basis: string, 
/**
 * The fields that these answers open, in the order of the pages; no others are asked for.
 */
asks: Array<string>, 
/**
 * The code of practice that governs the power: `code_a` or `terrorism`.
 */
governing: string | null, 
/**
 * How place and time stand to the authorisation named: a code of `authorisation_checks`.
 */
cover: string | null, 
/**
 * The grid reference of the coordinates.
 */
grid: string | null, 
/**
 * The ward of the coordinates.
 */
ward: AreaView | null, 
/**
 * The other records and drafts of the same encounter.
 */
encounter: Array<LinkedView>, 
/**
 * True if there is a step to take back with `draft_undo`.
 */
canUndo: boolean, };
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
suspicion: boolean | null, 
/**
 * For a power: `grounds`, `authorisation` or `order`.
 */
basis: string | null, 
/**
 * For a power: the code of practice that governs it.
 */
governing: string | null, };
export type HintView = { 
/**
 * Lower-case phrase looked for.
 */
phrase: string, 
/**
 * The advice code.
 */
code: string, };
export type SettingsView = { 
/**
 * True if each item of GOWISELY is confirmed by itself, false if all are in one touch.
 */
gowiselyItems: boolean, };
export type ListsView = { 
/**
 * Version of the lists: the number under which the server gave them out, or the app's own
 * version where it is only those that the app was built with.
 */
version: string, 
/**
 * When lists of the force came to this device; none where none has.
 */
since: number | null, 
/**
 * All lists.
 */
lists: Array<CodeListView>, 
/**
 * Phrases for hints on grounds.
 */
hints: Array<HintView>, 
/**
 * What the force decides for itself.
 */
settings: SettingsView, };
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
export type HereView = { 
/**
 * `found`, `none` as long as there is no fix, `refused` where the app may not know.
 */
state: string, 
/**
 * The last fix.
 */
place: PlaceView | null, 
/**
 * When it was found.
 */
fixAt: number | null, };
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
 * A QR code as a data-free list of rows of 0 and 1, dark is 1. It holds `url`, or words
 * where there is none.
 */
qr: Array<string>, 
/**
 * The person's page, which opens once the server has the record.
 */
url: string | null, 
/**
 * True if the officer's name is withheld.
 */
identityProtected: boolean, 
/**
 * How the copy was given, so far: a code of `copy_given`.
 */
copy: string | null, };
export type FrameInput = { 
/**
 * The southern edge.
 */
southE7: number, 
/**
 * The western edge.
 */
westE7: number, 
/**
 * The northern edge.
 */
northE7: number, 
/**
 * The eastern edge.
 */
eastE7: number, };
export type OutlineView = { 
/**
 * Its name.
 */
name: string, 
/**
 * True for an authorised area that is in force; a ward otherwise.
 */
authorised: boolean, 
/**
 * Closed lines: latitude and longitude by turns, in 1e-7 degrees.
 */
rings: Array<Array<number>>, };
export type MapView = { 
/**
 * Wards first.
 */
outlines: Array<OutlineView>, };
export type AsksView = { 
/**
 * What the power rests on: `grounds`, `authorisation` or `order`.
 */
basis: string, 
/**
 * The fields that are asked for besides those that always are.
 */
asks: Array<string>, };
export type LinkedView = { 
/**
 * Its id.
 */
id: string, 
/**
 * True if it is still a draft.
 */
draft: boolean, 
/**
 * `stop_search` or `note`.
 */
kind: string, 
/**
 * What it is headed with; blank if nothing says yet.
 */
title: string, 
/**
 * For a search: what was searched.
 */
subject: string | null, 
/**
 * When it happened, or was begun.
 */
at: number, };
export type PlaceInput = { 
/**
 * A code of `place_sources`: `gps`, `pin`, `grid` or `again`.
 */
source: string, 
/**
 * Latitude in 1e-7 degrees, unless `grid` says where.
 */
latE7: number | null, 
/**
 * Longitude in 1e-7 degrees.
 */
lonE7: number | null, 
/**
 * How exact it is, in metres.
 */
accuracyM: number | null, 
/**
 * A grid reference as typed.
 */
grid: string | null, 
/**
 * When the device found it; now, if that is not known.
 */
fixAt: number | null, 
/**
 * True for a fix that nobody asked for: it gives way to coordinates that are there.
 */
late: boolean, };
export type WhereView = { 
/**
 * Its grid reference.
 */
grid: string | null, 
/**
 * Its ward and district.
 */
ward: AreaView | null, };
export type RecentPlaceView = { 
/**
 * The officer's words for it.
 */
text: string, 
/**
 * Its coordinates, if it had any.
 */
place: PlaceView | null, 
/**
 * When it was last used.
 */
at: number, };
export type AuthorisationView = { 
/**
 * The force's reference, which the record's field `authorisation` holds.
 */
reference: string, 
/**
 * The power.
 */
power: string, 
/**
 * The power's label.
 */
powerLabel: string, 
/**
 * Where, in words.
 */
locality: string, 
/**
 * From when.
 */
from: number, 
/**
 * Until when, that moment excluded; extensions included.
 */
until: number, 
/**
 * The rank of who gave it, in words.
 */
rank: string, 
/**
 * Who gave it.
 */
by: string | null, 
/**
 * The named operation.
 */
operation: string | null, 
/**
 * How this place and the present stand to it: a code of `authorisation_checks`.
 */
cover: string, };
export type EntryInput = { 
/**
 * The record.
 */
recordId: string, 
/**
 * The words.
 */
text: string, 
/**
 * When what they tell of happened, where that is another time.
 */
happenedAt: number | null, 
/**
 * What they put right: a field's key, such as `text`, or the id of an addendum.
 */
corrects: string | null, 
/**
 * The words there that no longer hold; all of them if none are given.
 */
quote: string | null, };
export type FindInput = { 
/**
 * The beginnings of words.
 */
text: string, 
/**
 * One's own alone.
 */
own: boolean, 
/**
 * `stop_search` or `note`.
 */
kind: string | null, 
/**
 * A code of `subjects`.
 */
subject: string | null, 
/**
 * A state of delivery or of review, as rows have them.
 */
state: string | null, 
/**
 * Happened at this time or later.
 */
from: number | null, 
/**
 * Happened before this time.
 */
until: number | null, };
export type FieldValue = boolean | number | string;
export type StateView = { 
/**
 * `draft`, `saved`, `sending`, `sent`, `parked`, `received`, `received_photos_here`,
 * `held`, `not_accepted`, `submitted`, `returned`, `approved_here`, `returned_here`,
 * `escalated_here`, `approved`, `escalated`, `amended`, `answered`, `conflict`, `withdrawn`,
 * `newer`.
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
 * `returned`, `conflict`, `held`, `not_accepted`, `confirm`, `begun`.
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
 * Of a return: its reasons, codes and `field:` with the key of a field that is meant.
 */
reasons: Array<string>, 
/**
 * The record's title.
 */
title: string, 
/**
 * Since when.
 */
at: number, };
export type RemovedView = { 
/**
 * `author`, `team`, `shared`, `operation`: the access that ended; `erased`: the server
 * destroyed them.
 */
why: string, 
/**
 * How many.
 */
records: number, };
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
 * What colleagues share with them, the newest.
 */
shared: Array<RecordRow>, 
/**
 * How many of their own there are in all.
 */
total: number, 
/**
 * How many records wait for this person's review; 0 for officers.
 */
toReview: number, 
/**
 * What was removed from this device and is not yet known to have been read.
 */
removed: Array<RemovedView>, };
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
 * True if that is the reader.
 */
mine: boolean, 
/**
 * True if it was written on this device.
 */
here: boolean, 
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
 * Its id.
 */
id: string, 
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
at: number, 
/**
 * When what it tells of happened, where that is another time.
 */
happenedAt: number | null, 
/**
 * What it puts right: a field's key or the id of an addendum, shown struck through.
 */
corrects: string | null, 
/**
 * The words there that no longer hold; all of them if none are given.
 */
quote: string | null, };
export type TimelineView = { 
/**
 * `written`, `changed`, `added`, `submitted`, `received`, `approved`, `returned`,
 * `escalated`, `withdrawn`, `held`, `not_accepted`, `shared`, `unshared`, `moved`,
 * `log_number`, `released`, `upheld`.
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
 * On which device: the first characters of its name; none for what the server itself says.
 */
device: string | null, 
/**
 * True if that is this device.
 */
here: boolean, 
/**
 * The version that it made, if it made one.
 */
version: number | null, 
/**
 * The words that belong to it.
 */
text: string | null, 
/**
 * Reasons of a return: codes, and `field:` with the key of a field that is meant.
 */
reasons: Array<string>, 
/**
 * True once the server has accepted it.
 */
accepted: boolean, };
export type MadeView = { 
/**
 * 1 is the first one written.
 */
number: number, 
/**
 * Who.
 */
by: string | null, 
/**
 * On which device: the first characters of its name.
 */
device: string | null, 
/**
 * True if that is this device.
 */
here: boolean, 
/**
 * When, by that device.
 */
at: number | null, 
/**
 * When the server received it.
 */
receivedAt: number | null, 
/**
 * True once the server has accepted it.
 */
accepted: boolean, };
export type VersionView = { 
/**
 * 1 is the first one written.
 */
number: number, 
/**
 * Who made it.
 */
made: MadeView, 
/**
 * Its fields.
 */
fields: { [key in string]: FieldValue | null }, 
/**
 * What officers read for each coded field.
 */
labels: { [key in string]: string }, 
/**
 * The additions it had.
 */
addenda: Array<string>, 
/**
 * How many photos it named.
 */
photos: number, };
export type ComparedView = { 
/**
 * The field.
 */
field: string, 
/**
 * What it was; none if it was blank.
 */
before: FieldValue | null, 
/**
 * What it is; none if it is blank.
 */
after: FieldValue | null, 
/**
 * What officers read for what it was, of a coded field.
 */
beforeLabel: string | null, 
/**
 * What officers read for what it is, of a coded field.
 */
afterLabel: string | null, };
export type ComparisonView = { 
/**
 * The one.
 */
before: MadeView, 
/**
 * The other.
 */
after: MadeView, 
/**
 * Fields that differ.
 */
fields: Array<ComparedView>, 
/**
 * Additions that the other has and the one has not.
 */
addenda: Array<string>, 
/**
 * Photos likewise, by their ids.
 */
photos: Array<string>, };
export type HeldView = { 
/**
 * `held` while a supervisor may still let them in, `not_accepted` if nobody can any more.
 */
code: string, 
/**
 * Why: the code of the verdict.
 */
reason: string | null, 
/**
 * Since when.
 */
at: number | null, 
/**
 * True if the whole record is kept out: what the record shows is what is kept.
 */
whole: boolean, 
/**
 * The fields that they say, beside what stands.
 */
fields: { [key in string]: FieldValue | null }, 
/**
 * What officers read for each coded field.
 */
labels: { [key in string]: string }, 
/**
 * Additions among them.
 */
addenda: Array<string>, 
/**
 * How many photos they name.
 */
photos: number, };
export type ConfirmView = { 
/**
 * Names it to `confirm`.
 */
entry: string, 
/**
 * The record.
 */
recordId: string, 
/**
 * The record's title.
 */
title: string, 
/**
 * `submission`, `review`, `withdrawal`, `receipt_given`, `share`, `scope_change`.
 */
kind: string, 
/**
 * Of a review `approve`, `return` or `escalate`; of a share `given` or `ended`; of a copy how
 * it was offered.
 */
what: string | null, 
/**
 * The words that belong to it.
 */
text: string | null, 
/**
 * Why again: `split` (the list of entries had split) or `held` (what it was about is kept
 * out).
 */
reason: string, 
/**
 * When it was signed.
 */
at: number, };
export type HeldTaskView = { 
/**
 * Names it to `release` and `uphold`.
 */
entry: string, 
/**
 * The record, if it is about one.
 */
recordId: string | null, 
/**
 * True if the record can be read on this device.
 */
here: boolean, 
/**
 * Who wrote it.
 */
officer: string, 
/**
 * `change`, `submission`, `review`, `withdrawal`, `receipt_given`, `share`, `scope_change`,
 * `log_number`, `release`, `uphold`, `other`.
 */
kind: string, 
/**
 * Why it is held: the code of the verdict.
 */
reason: string, 
/**
 * When the server received it.
 */
receivedAt: number, 
/**
 * The title of the record as it would be with it.
 */
title: string | null, 
/**
 * Its reference.
 */
reference: string | null, 
/**
 * Its place, in words.
 */
place: string | null, 
/**
 * When it happened.
 */
happenedAt: number | null, 
/**
 * The label of the object, of a search.
 */
object: string | null, 
/**
 * The label of the power, of a search.
 */
power: string | null, 
/**
 * True if it was ruled on here, and the server has not answered yet.
 */
answered: boolean, 
/**
 * `release` or `uphold`, if the reader has begun to write why.
 */
begunAct: string | null, 
/**
 * The words so far.
 */
begun: string | null, };
export type HeldTasksView = { 
/**
 * The entries, the oldest first.
 */
rows: Array<HeldTaskView>, 
/**
 * True if they can be ruled on now: the device is connected.
 */
connected: boolean, };
export type ShareView = { 
/**
 * The officer's id.
 */
officerId: string, 
/**
 * For example "PC 4417 Patel".
 */
label: string, 
/**
 * When it was shared.
 */
at: number, 
/**
 * True once the server has accepted it.
 */
accepted: boolean, };
export type ColleagueView = { 
/**
 * The officer's id.
 */
id: string, 
/**
 * For example "PC 4417 Patel".
 */
label: string, 
/**
 * The team's name.
 */
team: string, };
export type RecordView = { 
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
 * The grid reference of the place.
 */
grid: string | null, 
/**
 * The other records and drafts of the same encounter.
 */
encounter: Array<LinkedView>, 
/**
 * Notes that name this record.
 */
notes: Array<LinkedView>, 
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
 * True if the reader may share it with a colleague.
 */
canShare: boolean, 
/**
 * True if it was shared before it was submitted, and waits for `submit_record`.
 */
canSubmit: boolean, 
/**
 * The colleagues with whom its author shares it.
 */
shared: Array<ShareView>, 
/**
 * Words of the reader's own that the server keeps out.
 */
held: HeldView | null, 
/**
 * What the reader has begun to write below it and not signed, by form: `edit`, `add`,
 * `choose`, `withdraw`, `approve`, `return`, `escalate`.
 */
begun: { [key in string]: { [key in string]: FieldValue | null } }, 
/**
 * Its versions, the first written first.
 */
versions: Array<MadeView>, 
/**
 * True if something of it is only on this device.
 */
unsent: boolean, 
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
 * The author's team, where the reader reviews for another team than their own.
 */
team: string | null, 
/**
 * When it happened.
 */
happenedAt: number, 
/**
 * Since when it waits: its submission, or its last change after a review.
 */
since: number, 
/**
 * When the review is due.
 */
dueAt: number, 
/**
 * Hints and no verdicts, in the order of weight: `safety`, `under_18`, `area`, `intimate`,
 * `no_video`, `grounds`, `power_object`, `ethnicity`, `outcome_link`, `force`, `late_record`,
 * `more_than_outer`, `second_version`, `amended`, `photos_missing`, `newer`.
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
export type RateView = { 
/**
 * `found`, `linked`, `no_further_action`, `more_than_outer`, `force`, `no_video`, `grounds`.
 */
code: string, 
/**
 * True of so many.
 */
part: number, 
/**
 * Of so many.
 */
of: number, 
/**
 * Too few for a rate to say anything.
 */
few: boolean, };
export type GroupView = { 
/**
 * What people read for it.
 */
label: string, 
/**
 * How many searches.
 */
searches: number, 
/**
 * What is true of them.
 */
shares: Array<RateView>, };
export type PatternsView = { 
/**
 * From when.
 */
from: number, 
/**
 * How many searches were looked at, notes and withdrawn records left out.
 */
searches: number, 
/**
 * Searches of vehicles alone, which are in no group of people.
 */
vehicles: number, 
/**
 * True if there were more, and the older ones were left out.
 */
more: boolean, 
/**
 * Fewer searches than this are too few to say.
 */
few: number, 
/**
 * All together.
 */
all: Array<RateView>, 
/**
 * By what was looked for.
 */
objects: Array<GroupView>, 
/**
 * By ethnicity in the person's own words, those who did not state it too.
 */
ethnicities: Array<GroupView>, 
/**
 * By officer, in the order of their names.
 */
officers: Array<GroupView>, };
export type SampleView = { 
/**
 * The seed.
 */
seed: string, 
/**
 * From how many they were chosen.
 */
of: number, 
/**
 * The chosen ones, in the order of choosing.
 */
rows: Array<RecordRow>, };
export type SinceView = { 
/**
 * `approve`, `return` or `escalate`; none if nobody has decided yet.
 */
verdict: string | null, 
/**
 * Who decided.
 */
by: string | null, 
/**
 * When, by the deciding device.
 */
at: number | null, 
/**
 * Fields that differ.
 */
fields: Array<ComparedView>, 
/**
 * Additions that were not there.
 */
addenda: Array<string>, 
/**
 * Photos likewise, by their ids.
 */
photos: Array<string>, };
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
 * True if somebody else has approved it, and the reader may look at it again.
 */
again: boolean, 
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
 * What has changed since the last decision, or since the reader last looked.
 */
since: SinceView | null, 
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
 * `approve`, `return` or `escalate`.
 */
verdict: string, 
/**
 * The heads the screen showed.
 */
heads: Array<string>, 
/**
 * Reason codes of the list `return_reasons`.
 */
reasons: Array<string>, 
/**
 * The keys of the fields that are meant.
 */
fields: Array<string>, 
/**
 * The words as written.
 */
text: string | null, 
/**
 * `yes`, `no`, `does_not_apply`.
 */
videoViewed: string | null, 
/**
 * True for a second review of what somebody else has approved.
 */
again: boolean, };
export type ConnectionState = "connected" | "no_connection" | "server_silent" | "sign_in" | "revoked" | "upgrade" | "split";
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
 * Photos are to go over Wi-Fi only.
 */
photosOverWifi: boolean, 
/**
 * Photos wait for it now.
 */
photosWait: boolean, 
/**
 * True while bytes move.
 */
moving: boolean, 
/**
 * Server time minus device time, once known and over two minutes.
 */
clockOffMs: number | null, 
/**
 * Free bytes where the records are, once they are few.
 */
freeBytes: number | null, 
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
 * The reason of `held` and `not_accepted`; `wifi` of a photo that waits for Wi-Fi.
 */
reason: string | null, };
export type DetailsView = { 
/**
 * How often a digest did not fit, since the vault was made.
 */
repairs: number, 
/**
 * Accepted entries here that the server is not known to have.
 */
unknown: number, 
/**
 * Others' records here that no scope given to this device confirms.
 */
adrift: number, 
/**
 * Entries kept unopened: refused by the guard, or waiting for others.
 */
unopened: number, 
/**
 * Attempts in a row that failed.
 */
failures: number, 
/**
 * How often the list of entries has split.
 */
splits: number, };
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
received: Array<SendingRow>, 
/**
 * What only somebody who looks into a fault wants to know.
 */
details: DetailsView, };
