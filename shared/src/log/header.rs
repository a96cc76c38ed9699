//! The header of an entry.

use minicbor::{Decode, Decoder, Encode, Encoder};

use super::{BadCbor, decode_canonical, encode};
use crate::hash::{ChangeHash, HeaderHash, PayloadHash, sha256};
use crate::ids::{BootId, EntryId, LogId, OfficerId, PolicySeq, RecordId, Seq};
use crate::time::UnixMs;

/// What an entry's payload is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryKind {
    /// One raw Automerge change of the subject.
    Change,
    /// The author submits the subject.
    Submission,
    /// A supervisor approves, returns or escalates the subject.
    Review,
    /// The author withdraws the subject.
    Withdrawal,
    /// The copy of the record was offered to the person searched.
    ReceiptGiven,
    /// Somebody read another's record: for the audit alone.
    Consultation,
    /// A draft was discarded: for the audit alone.
    DraftDiscarded,
    /// The author gives a colleague the subject, or takes it back.
    Share,
    /// The subject enters or leaves teams and operations.
    ScopeChange,
    /// The control room's number for the incident of the subject.
    LogNumber,
    /// A supervisor lets in what was held.
    Release,
    /// A supervisor keeps out what was held, for good.
    Uphold,
    /// The control room tells everybody something; it is about no record.
    Notice,
    /// A kind that this version does not know; kept, and judged by a newer one.
    Unknown(u16),
}

impl EntryKind {
    /// The number on the wire. Numbers are never used again for something else.
    pub const fn code(self) -> u16 {
        match self {
            Self::Change => 0,
            Self::Submission => 1,
            Self::Review => 2,
            Self::Withdrawal => 3,
            Self::ReceiptGiven => 4,
            Self::Consultation => 5,
            Self::DraftDiscarded => 6,
            Self::Share => 7,
            Self::ScopeChange => 8,
            Self::LogNumber => 9,
            Self::Release => 10,
            Self::Uphold => 11,
            Self::Notice => 12,
            Self::Unknown(code) => code,
        }
    }

    /// The kind with this number.
    pub const fn from_code(code: u16) -> Self {
        match code {
            0 => Self::Change,
            1 => Self::Submission,
            2 => Self::Review,
            3 => Self::Withdrawal,
            4 => Self::ReceiptGiven,
            5 => Self::Consultation,
            6 => Self::DraftDiscarded,
            7 => Self::Share,
            8 => Self::ScopeChange,
            9 => Self::LogNumber,
            10 => Self::Release,
            11 => Self::Uphold,
            12 => Self::Notice,
            other => Self::Unknown(other),
        }
    }

    /// True for statements about a record that stand in its history beside the changes.
    pub const fn is_statement(self) -> bool {
        matches!(
            self,
            Self::Submission
                | Self::Review
                | Self::Withdrawal
                | Self::ReceiptGiven
                | Self::Share
                | Self::ScopeChange
                | Self::LogNumber
                | Self::Release
                | Self::Uphold
        )
    }

    /// True for entries that go to the audit and to nobody's feed.
    pub const fn is_audit_only(self) -> bool {
        matches!(self, Self::Consultation | Self::DraftDiscarded)
    }
}

impl<C> Encode<C> for EntryKind {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.u16(self.code())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for EntryKind {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        d.u16().map(Self::from_code)
    }
}

/// What is signed of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Header {
    /// The log it stands in.
    #[n(0)]
    pub log: LogId,
    /// Its place there.
    #[n(1)]
    pub seq: Seq,
    /// The record it is about, if it is about one.
    #[n(2)]
    pub subject: Option<RecordId>,
    /// What its payload is.
    #[n(3)]
    pub kind: EntryKind,
    /// SHA-256 of salt and payload.
    #[n(4)]
    pub payload: PayloadHash,
    /// Who did it.
    #[n(5)]
    pub officer: OfficerId,
    /// The changes it depends on: of a change its Automerge dependencies, of a statement the
    /// heads it names. Sorted.
    #[n(6)]
    pub deps: Vec<ChangeHash>,
    /// The statements its author had seen of the subject: the last of each log. Sorted.
    #[n(7)]
    pub seen: Vec<EntryId>,
    /// Entries of the same author that this one takes the place of.
    #[n(8)]
    pub supersedes: Vec<EntryId>,
    /// The authority the device knew when it was made.
    #[n(9)]
    pub policy: PolicySeq,
    /// The schema of the subject its author's app writes.
    #[n(10)]
    pub schema: u32,
    /// The device's wall clock.
    #[n(11)]
    pub wall: UnixMs,
    /// The last time the server told the device, if it ever did.
    #[n(12)]
    pub server_time: Option<UnixMs>,
    /// Milliseconds of boot time since then (CLOCK_BOOTTIME), which no setting of a clock moves.
    #[n(13)]
    pub elapsed: u64,
    /// The boot in which that was counted.
    #[n(14)]
    pub boot: BootId,
}

impl Header {
    /// Its deterministic encoding.
    pub fn to_bytes(&self) -> Vec<u8> {
        encode(self)
    }

    /// Reads a header, refusing any encoding but the deterministic one.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BadCbor> {
        decode_canonical(bytes)
    }

    /// The name of the entry.
    pub const fn id(&self) -> EntryId {
        EntryId {
            log: self.log,
            seq: self.seq,
        }
    }

    /// The best estimate of when it was done: the server's last time plus the boot time
    /// since, or the wall clock where the device had never heard the server.
    pub fn estimated_time(&self) -> UnixMs {
        match self.server_time {
            Some(known) => known.plus(i64::try_from(self.elapsed).unwrap_or(i64::MAX)),
            None => self.wall,
        }
    }
}

/// True if a frontier (the last statement of each log) covers the statement.
pub fn has_seen(frontier: &[EntryId], statement: EntryId) -> bool {
    frontier
        .iter()
        .any(|last| last.log == statement.log && last.seq >= statement.seq)
}

impl HeaderHash {
    /// The hash of the header that follows the one with this hash.
    pub fn next(self, header: &[u8]) -> Self {
        Self::from_bytes(sha256(&[b"beatbook/header/1", self.as_bytes(), header]))
    }
}

impl PayloadHash {
    /// The hash that a header holds of a salt and a payload.
    pub fn of(salt: &[u8; 16], payload: &[u8]) -> Self {
        Self::from_bytes(sha256(&[salt, payload]))
    }
}
