//! What devices pull: the records stream and the reference stream.

use minicbor::{Decode, Encode};

use super::Scope;
use crate::hash::BlobHash;
use crate::ids::{AcceptPos, DeviceId, EntryId, OfficerId, RecordId, ReferenceSeq};
use crate::log::EntryKind;
use crate::time::UnixMs;

/// An accepted change or statement as others are given it.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct FeedEntry {
    /// Its log and sequence.
    #[n(0)]
    pub id: EntryId,
    /// What its payload is.
    #[n(1)]
    pub kind: EntryKind,
    /// Who did it.
    #[n(2)]
    pub officer: OfficerId,
    /// On which device.
    #[n(3)]
    pub device: DeviceId,
    /// The statements its author had seen.
    #[n(4)]
    pub seen: Vec<EntryId>,
    /// When, by the best estimate of the device.
    #[n(5)]
    pub at: UnixMs,
    /// When the server received it.
    #[n(6)]
    pub received: UnixMs,
    /// A raw change, or a statement. The salt stays on the server.
    #[n(7)]
    #[cbor(with = "minicbor::bytes")]
    pub payload: Vec<u8>,
    /// The schema it was written with, if that is above the first. A device that does not know
    /// it keeps the entry unopened.
    #[n(8)]
    pub schema: Option<u32>,
    /// The record with this entry, as the server reads it: a projection as JSON. Beside such a
    /// schema, for devices that cannot read it themselves; beside the last change of a history, a
    /// summary of it, so that it can be listed before it is opened.
    #[n(9)]
    pub projection: Option<String>,
}

/// Prints what it is and never its payload, which is personal data.
impl std::fmt::Debug for FeedEntry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "FeedEntry({:?} {:?}, {} bytes)",
            self.id,
            self.kind,
            self.payload.len()
        )
    }
}

/// What happened to a record in a scope.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum FeedEvent {
    /// An entry was accepted.
    #[n(0)]
    Accepted(#[n(0)] FeedEntry),
    /// The record entered the scope: its whole accepted history, in order, and which of its
    /// photos are stored.
    #[n(1)]
    Enters(#[n(0)] Vec<FeedEntry>, #[n(1)] Vec<BlobHash>),
    /// The record left the scope.
    #[n(2)]
    Leaves,
    /// A photo it names is stored.
    #[n(3)]
    Stored(#[n(0)] BlobHash),
}

/// One row of the records stream.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct FeedItem {
    /// Its place in the order of acceptance.
    #[n(0)]
    pub position: AcceptPos,
    /// The scope it is due in.
    #[n(1)]
    pub scope: Scope,
    /// The record.
    #[n(2)]
    pub record: RecordId,
    /// What happened.
    #[n(3)]
    pub event: FeedEvent,
}

/// One document of reference data; only the latest of each name is sent.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct ReferenceItem {
    /// Its version in the reference stream.
    #[n(0)]
    pub seq: ReferenceSeq,
    /// `authority` (CBOR of `policy::Authority`), `areas` (GeoJSON), `codes` (JSON).
    #[n(1)]
    pub name: String,
    /// Its content.
    #[n(2)]
    #[cbor(with = "minicbor::bytes")]
    pub body: Vec<u8>,
}
