//! The mailbox of a vault: what the server has to tell it, kept until receipted.

use minicbor::{Decode, Encode};

use super::Scope;
use crate::ids::{AcceptPos, EntryId, MailSeq, OfficerId, RecordId, Seq};
use crate::log::EntryKind;
use crate::time::UnixMs;

/// The server's judgement of a received entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum Verdict {
    /// In, at this place of the order of acceptance.
    #[n(0)]
    Accepted(#[n(0)] AcceptPos),
    /// Waiting for something it depends on. Never expires.
    #[n(1)]
    Parked(#[n(0)] VerdictCode),
    /// Kept apart until a person has looked.
    #[n(2)]
    Quarantined(#[n(0)] VerdictCode),
    /// Not an entry that can ever be let in.
    #[n(3)]
    Rejected(#[n(0)] VerdictCode),
    /// Was quarantined, and a supervisor keeps it out for good.
    #[n(4)]
    Upheld(#[n(0)] VerdictCode),
    /// Another entry of the same author took its place before it was let in.
    #[n(5)]
    Superseded,
}

impl Verdict {
    /// The name used in API, database and audit.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accepted(_) => "accepted",
            Self::Parked(_) => "parked",
            Self::Quarantined(_) => "quarantined",
            Self::Rejected(_) => "rejected",
            Self::Upheld(_) => "upheld",
            Self::Superseded => "superseded",
        }
    }

    /// True if nothing can change it any more.
    pub const fn is_final(self) -> bool {
        !matches!(self, Self::Parked(_) | Self::Quarantined(_))
    }
}

/// Defines the codes of verdicts once: number on the wire, name, and what it means.
macro_rules! verdict_codes {
    ($( $(#[$doc:meta])* $name:ident = $n:literal, $code:literal; )*) => {
        /// Why a verdict is not acceptance. Numbers are never used again for something else.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode)]
        #[cbor(index_only)]
        pub enum VerdictCode { $( $(#[$doc])* #[n($n)] $name, )* }

        impl VerdictCode {
            /// All codes.
            pub const ALL: &'static [Self] = &[$( Self::$name, )*];

            /// The stable name.
            pub const fn as_str(self) -> &'static str {
                match self { $( Self::$name => $code, )* }
            }

            /// The code with this name.
            pub fn parse(name: &str) -> Option<Self> {
                match name { $( $code => Some(Self::$name), )* _ => None }
            }
        }
    };
}

verdict_codes! {
    /// Parked: a change it builds on has not been received.
    MissingDependency = 0, "missing_dependency";
    /// Parked: written by a newer app than this server knows.
    NeedsNewerServer = 1, "needs_newer_server";
    /// Parked: over the limit of what waits in memory.
    StagingFull = 2, "staging_full";
    /// Quarantined: officer unknown or ended.
    NotActive = 10, "not_active";
    /// Quarantined: somebody else's record.
    NotAuthor = 11, "not_author";
    /// Quarantined: the role does not do this.
    Role = 12, "role";
    /// Quarantined: a reviewer with a change of their own in the record.
    OwnRecord = 13, "own_record";
    /// Quarantined: a reviewer of another team.
    Team = 14, "team";
    /// Quarantined: the record was never submitted.
    NotSubmitted = 15, "not_submitted";
    /// Quarantined: an approval of competing values.
    Conflict = 16, "conflict";
    /// Quarantined: received from a device after it was revoked.
    DeviceRevoked = 17, "device_revoked";
    /// Quarantined: it builds on an entry that is quarantined.
    BuildsOnQuarantined = 18, "builds_on_quarantined";
    /// Quarantined: the log's policy sequence went back.
    PolicyWentBack = 19, "policy_went_back";
    /// Rejected: the payload is not the one the header names.
    PayloadMismatch = 30, "payload_mismatch";
    /// Rejected: the guard refused the change.
    Guard = 31, "guard";
    /// Rejected: the statement does not read, is over its caps, or moves the record to a team or
    /// an operation that is not there.
    BadStatement = 32, "bad_statement";
    /// Rejected: the header and the payload disagree, or what it names is another record's.
    HeaderMismatch = 33, "header_mismatch";
    /// Rejected: the same change was received in another log.
    ChangeReplayed = 34, "change_replayed";
    /// Rejected: the actor belongs to another log or record.
    ForeignActor = 35, "foreign_actor";
    /// Rejected: it builds on an entry that was rejected.
    BuildsOnRejected = 36, "builds_on_rejected";
    /// Rejected: it rules on entries of which none is held.
    NotHeld = 37, "not_held";
    /// Rejected: the record was erased.
    Erased = 38, "erased";
}

/// One thing to tell a vault.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Mail {
    /// The verdict of one of its own entries.
    #[n(0)]
    Verdict(#[n(0)] Seq, #[n(1)] Verdict, #[n(2)] UnixMs),
    /// The vault was given a scope. Records in it before this position come by backfill.
    #[n(1)]
    Granted(#[n(0)] Scope, #[n(1)] AcceptPos),
    /// The scope was taken away.
    #[n(2)]
    GrantEnded(#[n(0)] Scope),
    /// Destroy the copy of this record.
    #[n(3)]
    Evict(#[n(0)] RecordId),
    /// A supervisor has to look at an entry that is held.
    #[n(4)]
    Task(#[n(0)] Task),
    /// Nobody has to look at that entry any more.
    #[n(5)]
    TaskDone(#[n(0)] EntryId),
}

/// A held entry, for those who may release or uphold it.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Task {
    /// The entry.
    #[n(0)]
    pub entry: EntryId,
    /// The record it is about, if it is about one.
    #[n(1)]
    pub record: Option<RecordId>,
    /// Who wrote it.
    #[n(2)]
    pub officer: OfficerId,
    /// What its payload is.
    #[n(3)]
    pub kind: EntryKind,
    /// Why it is held.
    #[n(4)]
    pub code: VerdictCode,
    /// When the server received it.
    #[n(5)]
    pub received: UnixMs,
    /// The record as it would be with it: a projection that the server made, as JSON. Never
    /// the change itself.
    #[n(6)]
    pub projection: Option<String>,
}

/// Prints which entry it is about and never the projection, which is personal data.
impl std::fmt::Debug for Task {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Task({:?} {:?} {})",
            self.entry,
            self.kind,
            self.code.as_str()
        )
    }
}

/// A piece of mail with its place in the mailbox.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct MailItem {
    /// Its place.
    #[n(0)]
    pub seq: MailSeq,
    /// What it says.
    #[n(1)]
    pub mail: Mail,
}
