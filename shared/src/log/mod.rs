//! The log: what an entry is, how entries chain, and how a commit is signed.
//!
//! A header is a deterministic CBOR array. The hash of the header before it enters the
//! chain and is never sent: [`HeaderHash::next`] takes it from the log's own state, and for
//! sequence 0 from the hash of the log's [`Descriptor`]. The payload is detached: the header
//! holds only SHA-256 of a random salt and the payload, so that both can be destroyed later
//! while chain and signatures stay verifiable.

mod canonical;
mod cose;
mod descriptor;
mod entry;
mod header;
#[cfg(test)]
mod tests;

pub use canonical::{BadCbor, decode_canonical, encode};
pub use cose::{BadSignature, Purpose, sign, verify};
pub use descriptor::{Algorithm, Descriptor};
pub use entry::{ChainError, Entry, Segment, Verified};
pub use header::{EntryKind, Header, has_seen};
