//! Statements: what an entry says about a record without editing it.

mod acts;

pub use acts::{LogNumber, Notice, Ruling, ScopeChange, Share};

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::hash::{BlobHash, ChangeHash};
use crate::ids::PhotoId;
use crate::log::{BadCbor, EntryKind, decode_canonical, encode};

/// Longest text of a statement, in characters.
pub const TEXT_CAP: usize = 10_000;
/// Marks a reason that is no code but the key of a field that is meant.
pub const FIELD_MARK: &str = "field:";
/// Most heads or photos one statement may name.
pub const NAMES_CAP: usize = 256;

/// The state of a record that a statement is about.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Bound {
    /// The exact heads. Sorted.
    #[n(0)]
    pub heads: Vec<ChangeHash>,
    /// The photos the record named in that state. Sorted.
    #[n(1)]
    pub photos: Vec<PhotoRef>,
    /// The schema of the record.
    #[n(2)]
    pub schema: u32,
}

/// One photo of a manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(array)]
pub struct PhotoRef {
    /// The photo.
    #[n(0)]
    pub id: PhotoId,
    /// Its original bytes.
    #[n(1)]
    pub blob: BlobHash,
}

/// What a reviewer decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode, Serialize, Deserialize)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum ReviewVerdict {
    /// Fit as it stands.
    #[n(0)]
    Approve,
    /// Back to the officer, with a reason.
    #[n(1)]
    Return,
    /// Up to somebody of higher rank.
    #[n(2)]
    Escalate,
}

/// Whether the reviewer watched the body-worn video.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum VideoViewed {
    /// Watched.
    #[n(0)]
    Yes,
    /// Not watched.
    #[n(1)]
    No,
    /// There is none to watch.
    #[n(2)]
    DoesNotApply,
}

/// A reviewer's decision, bound to exactly what was seen. The reviews its author had seen
/// are in the entry's header.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Review {
    /// The state that was on the screen.
    #[n(0)]
    pub bound: Bound,
    /// The decision.
    #[n(1)]
    pub verdict: ReviewVerdict,
    /// Codes of the list `return_reasons`, and [`FIELD_MARK`] with the key of each field that is
    /// meant. Sorted.
    #[n(2)]
    pub reasons: Vec<String>,
    /// The reviewer's words.
    #[n(3)]
    pub text: Option<String>,
    /// How many photos of the manifest the server did not hold yet.
    #[n(4)]
    pub photos_missing: u32,
    /// Whether the video was watched.
    #[n(5)]
    pub video_viewed: VideoViewed,
}

/// The offer of a copy to the person searched (PACE s.3, Code A 4.2).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct ReceiptGiven {
    /// A code of the list `copy_given`.
    #[n(0)]
    pub how: String,
}

/// Everything an entry can say but a change.
#[derive(Clone, PartialEq, Eq)]
pub enum Statement {
    /// The author submits this state.
    Submission(Bound),
    /// A reviewer decides.
    Review(Review),
    /// The author takes the record back: it was a mistake, or stands twice.
    Withdrawal(Withdrawal),
    /// A copy was offered.
    ReceiptGiven(ReceiptGiven),
    /// Another's record was read.
    Consultation(Consultation),
    /// A draft was discarded.
    DraftDiscarded(DraftDiscarded),
    /// A colleague is given the record, or it is taken back.
    Share(Share),
    /// The record enters or leaves teams and operations.
    ScopeChange(ScopeChange),
    /// The control room's number for the incident.
    LogNumber(LogNumber),
    /// What was held is let in.
    Release(Ruling),
    /// What was held is kept out for good.
    Uphold(Ruling),
    /// Something that everybody should know.
    Notice(Notice),
}

/// The author takes a record back. Nothing is deleted.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Withdrawal {
    /// The state that was on the screen.
    #[n(0)]
    pub bound: Bound,
    /// Why, in the author's words.
    #[n(1)]
    pub reason: String,
}

/// A reading of another's record (Data Protection Act 2018, s.62).
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Consultation {
    /// Why, where the force asks for it.
    #[n(0)]
    pub reason: Option<String>,
}

/// A discarded draft: its reference was used, and this says what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct DraftDiscarded {
    /// The reference that had been minted.
    #[n(0)]
    pub reference: String,
    /// A reason code.
    #[n(1)]
    pub reason: String,
}

/// A payload that is not the statement its header says it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadStatement {
    /// Not the deterministic CBOR of the kind.
    #[error(transparent)]
    Cbor(#[from] BadCbor),
    /// Longer than the caps allow.
    #[error("statement over its caps")]
    TooLong,
    /// Lists that should be sorted and free of repeats are not.
    #[error("statement lists out of order")]
    NotSorted,
    /// A scope that is not given or taken by this statement.
    #[error("a scope that no change of scope moves")]
    NotMovable,
    /// A kind that carries no statement, or that this version does not know.
    #[error("not a statement this version knows")]
    UnknownKind,
}

impl Statement {
    /// The kind its entry's header names.
    pub const fn kind(&self) -> EntryKind {
        match self {
            Self::Submission(_) => EntryKind::Submission,
            Self::Review(_) => EntryKind::Review,
            Self::Withdrawal(_) => EntryKind::Withdrawal,
            Self::ReceiptGiven(_) => EntryKind::ReceiptGiven,
            Self::Consultation(_) => EntryKind::Consultation,
            Self::DraftDiscarded(_) => EntryKind::DraftDiscarded,
            Self::Share(_) => EntryKind::Share,
            Self::ScopeChange(_) => EntryKind::ScopeChange,
            Self::LogNumber(_) => EntryKind::LogNumber,
            Self::Release(_) => EntryKind::Release,
            Self::Uphold(_) => EntryKind::Uphold,
            Self::Notice(_) => EntryKind::Notice,
        }
    }

    /// The state it is bound to, if it is bound to one.
    pub const fn bound(&self) -> Option<&Bound> {
        match self {
            Self::Submission(bound) => Some(bound),
            Self::Review(review) => Some(&review.bound),
            Self::Withdrawal(withdrawal) => Some(&withdrawal.bound),
            Self::ReceiptGiven(_)
            | Self::Consultation(_)
            | Self::DraftDiscarded(_)
            | Self::Share(_)
            | Self::ScopeChange(_)
            | Self::LogNumber(_)
            | Self::Release(_)
            | Self::Uphold(_)
            | Self::Notice(_) => None,
        }
    }

    /// Its deterministic encoding: the payload of its entry.
    pub fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::Submission(s) => encode(s),
            Self::Review(s) => encode(s),
            Self::Withdrawal(s) => encode(s),
            Self::ReceiptGiven(s) => encode(s),
            Self::Consultation(s) => encode(s),
            Self::DraftDiscarded(s) => encode(s),
            Self::Share(s) => encode(s),
            Self::ScopeChange(s) => encode(s),
            Self::LogNumber(s) => encode(s),
            Self::Release(s) | Self::Uphold(s) => encode(s),
            Self::Notice(s) => encode(s),
        }
    }

    /// Reads the payload of an entry of this kind.
    pub fn from_bytes(kind: EntryKind, payload: &[u8]) -> Result<Self, BadStatement> {
        let statement = match kind {
            EntryKind::Submission => Self::Submission(decode_canonical(payload)?),
            EntryKind::Review => Self::Review(decode_canonical(payload)?),
            EntryKind::Withdrawal => Self::Withdrawal(decode_canonical(payload)?),
            EntryKind::ReceiptGiven => Self::ReceiptGiven(decode_canonical(payload)?),
            EntryKind::Consultation => Self::Consultation(decode_canonical(payload)?),
            EntryKind::DraftDiscarded => Self::DraftDiscarded(decode_canonical(payload)?),
            EntryKind::Share => Self::Share(decode_canonical(payload)?),
            EntryKind::ScopeChange => Self::ScopeChange(decode_canonical(payload)?),
            EntryKind::LogNumber => Self::LogNumber(decode_canonical(payload)?),
            EntryKind::Release => Self::Release(decode_canonical(payload)?),
            EntryKind::Uphold => Self::Uphold(decode_canonical(payload)?),
            EntryKind::Notice => Self::Notice(decode_canonical(payload)?),
            EntryKind::Change | EntryKind::Unknown(_) => return Err(BadStatement::UnknownKind),
        };
        statement.check()?;
        Ok(statement)
    }

    fn check(&self) -> Result<(), BadStatement> {
        if let Some(bound) = self.bound() {
            bound.check()?;
        }
        let (texts, reasons): (Vec<&str>, &[String]) = match self {
            Self::Submission(_) => (Vec::new(), &[]),
            Self::Review(r) => (r.text.iter().map(String::as_str).collect(), &r.reasons),
            Self::Withdrawal(w) => (vec![&w.reason], &[]),
            Self::ReceiptGiven(r) => (vec![&r.how], &[]),
            Self::Consultation(c) => (c.reason.iter().map(String::as_str).collect(), &[]),
            Self::DraftDiscarded(d) => (vec![&d.reference, &d.reason], &[]),
            Self::Share(_) => (Vec::new(), &[]),
            Self::ScopeChange(change) => {
                change.check()?;
                (vec![&change.reason], &[])
            }
            Self::LogNumber(log) => {
                log.check()?;
                (Vec::new(), &[])
            }
            Self::Release(ruling) | Self::Uphold(ruling) => {
                ruling.check()?;
                (vec![&ruling.reason], &[])
            }
            Self::Notice(notice) => (vec![&notice.text], &[]),
        };
        let long = |text: &str| text.chars().count() > TEXT_CAP;
        if texts.into_iter().any(long) || reasons.len() > 32 || reasons.iter().any(|r| long(r)) {
            return Err(BadStatement::TooLong);
        }
        if reasons.is_sorted_by(|a, b| a < b) {
            Ok(())
        } else {
            Err(BadStatement::NotSorted)
        }
    }
}

impl Bound {
    fn check(&self) -> Result<(), BadStatement> {
        if self.heads.len() > NAMES_CAP || self.photos.len() > NAMES_CAP {
            return Err(BadStatement::TooLong);
        }
        let sorted =
            self.heads.is_sorted_by(|a, b| a < b) && self.photos.is_sorted_by(|a, b| a < b);
        if sorted {
            Ok(())
        } else {
            Err(BadStatement::NotSorted)
        }
    }
}

/// Prints what kind it is and never its words, which are personal data.
impl std::fmt::Debug for Statement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Statement({:?})", self.kind())
    }
}
