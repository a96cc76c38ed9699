//! Cases and rulings.

use std::collections::BTreeSet;

use shared::hash::{BlobHash, ChangeHash};
use shared::ids::{AcceptPos, ActorId, EntryId, LogId, OfficerId, PhotoId, RecordId, TeamId};
use shared::log::Header;
use shared::policy::Authority;
use shared::record::Kind;
use shared::wire::{Scope, VerdictCode};

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
    /// It was rejected.
    Rejected,
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
    /// Of a change: its hash and actor.
    pub change: Option<(ChangeHash, ActorId)>,
    /// True if the log's policy sequence went back here.
    pub policy_back: bool,
    /// The record, if it has an accepted change.
    pub record: Option<CaseRecord>,
    /// The officer and the author, as the entry's policy sequence has them.
    pub authority: Authority,
    /// The same as they were when it was received.
    pub authority_received: Authority,
    /// The changes it names.
    pub deps: Vec<(ChangeHash, Known)>,
    /// The statements it had seen.
    pub seen: Vec<(EntryId, Known)>,
    /// True if another entry with the same change was received before.
    pub replayed: bool,
    /// What the actor is bound to.
    pub actor: Option<(LogId, RecordId)>,
}

/// A record as its accepted entries make it.
#[derive(Debug, Clone)]
pub struct CaseRecord {
    /// Its kind.
    pub kind: Kind,
    /// The document.
    pub snapshot: Vec<u8>,
    /// Bytes of the headers and payloads of its accepted entries.
    pub bytes: u64,
    /// Rises with every judgement.
    pub revision: u64,
    /// The officer of its first change.
    pub author: OfficerId,
    /// The team whose scope it is in.
    pub team: Option<TeamId>,
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

/// A judgement.
#[derive(Debug, Clone)]
pub struct Ruling {
    /// Of this entry.
    pub id: EntryId,
    /// The revision of the record it was made on; 0 for none.
    pub revision: u64,
    /// What was decided.
    pub outcome: Outcome,
}

/// What was decided.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// It waits for something.
    Park(VerdictCode, WaitsOn),
    /// A person has to look.
    Quarantine(VerdictCode),
    /// It can never be let in; the text is a code for the audit.
    Reject(VerdictCode, &'static str),
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
    /// Submitted; with the team whose scope begins.
    Submission {
        /// The author's team at the entry's policy sequence.
        team: Option<TeamId>,
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
}

/// What became of a judgement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ruled {
    /// Written; and where it was accepted, if it was.
    Done(Option<Accepted>),
    /// Entry or record moved since: judge again.
    Stale,
}

/// Where something was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// In the order of acceptance.
    pub position: AcceptPos,
    /// In these scopes.
    pub scopes: Vec<Scope>,
}
