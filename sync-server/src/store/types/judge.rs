//! Cases, what is decided of them, and what became of that.

use std::collections::BTreeSet;
use std::sync::Arc;

use shared::hash::{BlobHash, ChangeHash};
use shared::ids::{
    AcceptPos, ActorId, EntryId, LogId, OfficerId, OperationId, PhotoId, RecordId, TeamId,
};
use shared::log::Header;
use shared::policy::{Authority, Held};
use shared::record::Kind;
use shared::time::UnixMs;
use shared::wire::{Scope, VerdictCode};

/// Who decides, while the store gives one case after the other and writes what was decided, all
/// in one unit of work.
pub trait Judge {
    /// True if this record is known as it is after so many changes: then its snapshot is not
    /// read.
    fn knows(&self, record: RecordId, changes: u32) -> bool;
    /// Decides one case.
    fn decide(&mut self, case: &Case) -> Answer;
    /// True to go on with one more case.
    fn goes_on(&mut self) -> bool;
}

/// What is said of a case.
#[derive(Debug, Clone)]
pub enum Answer {
    /// This is written.
    Rule(Outcome),
    /// The snapshot does not read: ask again, with the changes themselves.
    History,
}

/// What is known of something an entry names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// Nothing.
    No,
    /// It was received and is not settled.
    Waiting,
    /// It is accepted.
    Accepted,
    /// It is quarantined.
    Quarantined,
    /// It can never be let in: rejected, upheld or superseded.
    Refused,
    /// It is another record's.
    Elsewhere,
}

/// A received entry, and what its judgement needs.
#[derive(Debug, Clone)]
pub struct Case {
    /// The entry.
    pub id: EntryId,
    /// Its header.
    pub header: Header,
    /// Its payload.
    pub payload: Vec<u8>,
    /// Bytes of header and payload.
    pub bytes: u64,
    /// When it was received.
    pub received_at: UnixMs,
    /// Of a change: its hash and actor.
    pub change: Option<(ChangeHash, ActorId)>,
    /// True if the log's policy sequence went back here.
    pub policy_back: bool,
    /// True if a supervisor released it: the policy is not asked again.
    pub released: bool,
    /// What its author was told last, if it was judged before.
    pub told: Option<VerdictCode>,
    /// The record, if it has an accepted change.
    pub record: Option<CaseRecord>,
    /// Where it has none: what is known of the changes that could begin it.
    pub beginning: Option<(ChangeHash, Known)>,
    /// The officer and the author, as the entry's policy sequence has them.
    pub authority: Arc<Authority>,
    /// The same as they were when it was received.
    pub authority_received: Arc<Authority>,
    /// The changes it names.
    pub deps: Vec<(ChangeHash, Known)>,
    /// The statements it had seen.
    pub seen: Vec<(EntryId, Known)>,
    /// True if an entry of the same officer whose place it would take is accepted.
    pub replaced: bool,
    /// Of a release or uphold: the held entries among those it names.
    pub held: Vec<(EntryId, Held)>,
    /// True if another entry with the same change was received before.
    pub replayed: bool,
    /// What the actor is bound to.
    pub actor: Option<(LogId, RecordId)>,
    /// The accepted changes of the record, if they were asked for.
    pub history: Option<Vec<Vec<u8>>>,
}

/// A record as its accepted entries make it.
#[derive(Debug, Clone)]
pub struct CaseRecord {
    /// Its kind.
    pub kind: Kind,
    /// The document, unless it is known.
    pub snapshot: Option<Vec<u8>>,
    /// Bytes of the headers and payloads of its accepted entries.
    pub bytes: u64,
    /// Accepted changes.
    pub changes: u32,
    /// Its heads, sorted.
    pub heads: Vec<ChangeHash>,
    /// Its accepted statements.
    pub statements: Vec<EntryId>,
    /// The officer of its first change.
    pub author: OfficerId,
    /// The team that lists show.
    pub team: Option<TeamId>,
    /// The scopes it is in.
    pub scopes: BTreeSet<Scope>,
    /// Everybody with a change in it.
    pub contributors: BTreeSet<OfficerId>,
    /// True once a submission was accepted.
    pub submitted: bool,
}

/// What a parked entry waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaitsOn {
    /// A change.
    Change(ChangeHash),
    /// Another entry.
    Entry(EntryId),
    /// The record's first change.
    Record(RecordId),
    /// Nothing that an entry can bring.
    Nothing,
}

impl WaitsOn {
    /// Its bytes; the lengths differ, so none stands for another.
    pub fn key(self) -> Option<Vec<u8>> {
        match self {
            Self::Change(hash) => Some(hash.as_bytes().to_vec()),
            Self::Entry(id) => {
                Some([id.log.as_bytes().as_slice(), &id.seq.0.to_be_bytes()].concat())
            }
            Self::Record(id) => Some(id.as_bytes().to_vec()),
            Self::Nothing => None,
        }
    }
}

/// What was decided.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// It waits for something.
    Park(VerdictCode, WaitsOn),
    /// A person has to look; with the record as it would be with it, as JSON. What it saw and is
    /// not here, if anything, has it judged again without one.
    Quarantine(VerdictCode, Option<String>, WaitsOn),
    /// It is held with the quarantined change that it builds on.
    HoldWith(ChangeHash),
    /// It can never be let in; the text is a code for the audit.
    Reject(VerdictCode, &'static str),
    /// What it would take the place of is in: its words stand there.
    Supersede,
    /// In, for the audit alone.
    AcceptAudit,
    /// In: the record as it is now.
    AcceptChange(Box<NewState>),
    /// In.
    AcceptStatement(Box<NewStatement>),
}

/// A record after an accepted change.
#[derive(Debug, Clone)]
pub struct NewState {
    /// Its kind.
    pub kind: Kind,
    /// The document.
    pub snapshot: Vec<u8>,
    /// Its heads, sorted.
    pub heads: Vec<ChangeHash>,
    /// The projection, as JSON.
    pub projection: String,
    /// The photos it names.
    pub photos: Vec<(PhotoId, BlobHash)>,
}

/// What an accepted statement says.
#[derive(Debug, Clone)]
pub enum NewStatement {
    /// Submitted; with the scopes that begin.
    Submission {
        /// The author's team at the entry's policy sequence.
        team: Option<TeamId>,
        /// The author's operations then.
        operations: Vec<OperationId>,
    },
    /// Reviewed.
    Review {
        /// The decision, by its number.
        verdict: shared::statement::ReviewVerdict,
        /// The heads it is bound to.
        heads: Vec<ChangeHash>,
    },
    /// Withdrawn.
    Withdrawal,
    /// A copy was offered.
    ReceiptGiven,
    /// The record enters and leaves these scopes: shared, or moved.
    Scopes {
        /// It enters these.
        add: Vec<Scope>,
        /// It leaves these.
        remove: Vec<Scope>,
    },
    /// It has this log number.
    LogNumber(String),
    /// What is held is judged again, without the policy.
    Release,
    /// What is held stays out for good.
    Uphold,
    /// Everybody is told this until then.
    Notice {
        /// What.
        text: String,
        /// Until when.
        until: UnixMs,
    },
}

/// The most that one log is given of a turn before the next one has its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    /// Entries.
    pub entries: u32,
    /// Bytes of headers and payloads, which is about what an entry costs.
    pub bytes: u64,
}

/// What one unit of work of judging did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Judged {
    /// How many entries were judged.
    pub entries: u64,
    /// Of those, how many could not be, for a fault of the store, and were set aside.
    pub failed: u64,
    /// The last place in the order of acceptance, if something was accepted.
    pub position: Option<AcceptPos>,
    /// The scopes in which something was accepted, entered or left.
    pub scopes: BTreeSet<Scope>,
    /// The logs with new mail.
    pub mail: BTreeSet<LogId>,
    /// True if reference data moved.
    pub reference: bool,
    /// The log that had its turn last.
    pub last: Option<LogId>,
}

/// How much may be parked. What is over it is parked as well, and says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Staging {
    /// Entries of one device.
    pub device_entries: u64,
    /// Their bytes.
    pub device_bytes: u64,
    /// Bytes of all devices.
    pub all_bytes: u64,
}

/// How one unit of work of judging goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sitting {
    /// Entries at most.
    pub entries: u32,
    /// What one log is given before the next.
    pub turn: Turn,
    /// The log that had its turn last; the next one begins.
    pub after: Option<LogId>,
    /// How much may be parked.
    pub staging: Staging,
}
