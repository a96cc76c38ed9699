//! Entries as they travel, and the check of a segment of a log.

use minicbor::{Decode, Encode};

use super::cose::{self, BadSignature, Purpose};
use super::header::Header;
use crate::hash::{HeaderHash, PayloadHash};
use crate::ids::{LogId, Seq};

/// One entry as it travels: the header's own bytes, and its detached payload.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Entry {
    /// The deterministic encoding of its [`Header`].
    #[n(0)]
    #[cbor(with = "minicbor::bytes")]
    pub header: Vec<u8>,
    /// Random bytes that keep a destroyed payload from being guessed back from its hash.
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    pub salt: [u8; 16],
    /// A raw change, or a statement.
    #[n(2)]
    #[cbor(with = "minicbor::bytes")]
    pub payload: Vec<u8>,
}

impl Entry {
    /// True if the payload is the one that the header names.
    pub fn payload_matches(&self, header: &Header) -> bool {
        PayloadHash::of(&self.salt, &self.payload) == header.payload
    }
}

/// A stretch of a log that ends at a commit, with that commit's signature, which
/// authenticates everything before it too.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Segment {
    /// The log.
    #[n(0)]
    pub log: LogId,
    /// The sequence of the first entry.
    #[n(1)]
    pub first: Seq,
    /// The entries, in log order.
    #[n(2)]
    pub entries: Vec<Entry>,
    /// COSE_Sign1 over the hash of the last header.
    #[n(3)]
    #[cbor(with = "minicbor::bytes")]
    pub signature: Vec<u8>,
}

/// Why a segment is refused as a whole. A bad payload does not refuse it: that spoils one
/// entry, and is found when the entry is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChainError {
    /// A header that is not one, at this place.
    #[error("entry {0} has no valid header")]
    Header(Seq),
    /// A header that names another log or place than where it stands.
    #[error("entry {0} is out of place")]
    Place(Seq),
    /// Nothing in it.
    #[error("a segment without entries")]
    Empty,
    /// The signature does not hold over this chain.
    #[error("commit signature: {0}")]
    Signature(#[from] BadSignature),
    /// The signature holds, but over another hash.
    #[error("the commit signature is of another chain")]
    OtherChain,
}

impl ChainError {
    /// A stable name, for the audit.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Header(_) => "chain_header",
            Self::Place(_) => "chain_place",
            Self::Empty => "chain_empty",
            Self::Signature(_) => "chain_signature",
            Self::OtherChain => "chain_other",
        }
    }
}

/// An entry whose chain and signature hold.
#[derive(Debug, Clone)]
pub struct Verified {
    /// The header, read.
    pub header: Header,
    /// Its hash in the chain.
    pub hash: HeaderHash,
    /// The entry as it came.
    pub entry: Entry,
}

impl Segment {
    /// Checks headers, places, chain and signature. `previous` is the hash before the first
    /// entry: of the header before it, or of the descriptor. `key` is the descriptor's.
    pub fn verify(self, previous: HeaderHash, key: &[u8]) -> Result<Vec<Verified>, ChainError> {
        let mut hash = previous;
        let mut seq = self.first;
        let mut verified = Vec::with_capacity(self.entries.len());
        for entry in self.entries {
            let header = Header::from_bytes(&entry.header).map_err(|_| ChainError::Header(seq))?;
            if header.log != self.log || header.seq != seq {
                return Err(ChainError::Place(seq));
            }
            hash = hash.next(&entry.header);
            verified.push(Verified {
                header,
                hash,
                entry,
            });
            seq = seq.next();
        }
        if verified.is_empty() {
            return Err(ChainError::Empty);
        }
        let signed = cose::verify(key, Purpose::LogCommit, &self.signature)?;
        if signed != hash.as_bytes() {
            Err(ChainError::OtherChain)
        } else {
            Ok(verified)
        }
    }
}
