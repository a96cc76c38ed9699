//! The descriptor that a log begins with, registered at sign-in.

use minicbor::{Decode, Encode};

use super::encode;
use crate::hash::{HeaderHash, sha256};
use crate::ids::{DeviceId, EntryId, LogId, OfficerId};

/// The signature algorithm of a log, by its COSE number (RFC 9053).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Algorithm {
    /// EdDSA with Ed25519, COSE -8.
    #[n(8)]
    EdDsa,
}

/// Who writes a log, with which key, and what it continues.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Descriptor {
    /// Version of this structure: 1.
    #[n(0)]
    pub version: u8,
    /// The log.
    #[n(1)]
    pub log: LogId,
    /// The algorithm of its commit signatures.
    #[n(2)]
    pub algorithm: Algorithm,
    /// The vault's public key: 32 bytes for Ed25519.
    #[n(3)]
    #[cbor(with = "minicbor::bytes")]
    pub key: Vec<u8>,
    /// The officer whose vault it is.
    #[n(4)]
    pub officer: OfficerId,
    /// The device it lies on.
    #[n(5)]
    pub device: DeviceId,
    /// Where the lineage before this one had got to, if there was one.
    #[n(6)]
    pub parent: Option<EntryId>,
}

impl Descriptor {
    /// The current version of the structure.
    pub const VERSION: u8 = 1;

    /// The hash that stands before the first header.
    pub fn hash(&self) -> HeaderHash {
        HeaderHash::from_bytes(sha256(&[b"beatbook/descriptor/1", &encode(self)]))
    }
}
