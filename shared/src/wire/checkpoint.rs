//! The server's countersigned receipt.

use minicbor::{Decode, Encode};
use ring::signature::Ed25519KeyPair;

use crate::hash::HeaderHash;
use crate::ids::{Epoch, LogId, ReceivePos, Seq};
use crate::log::{BadSignature, Purpose, decode_canonical, encode, sign, verify};
use crate::time::UnixMs;

/// Everything of the log at or below this sequence is committed, with fsync.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Checkpoint {
    /// The lineage of the server's database.
    #[n(0)]
    pub epoch: Epoch,
    /// The log.
    #[n(1)]
    pub log: LogId,
    /// The last received sequence.
    #[n(2)]
    pub seq: Seq,
    /// The hash of that header.
    #[n(3)]
    pub header: HeaderHash,
    /// Its place in the order of receipt.
    #[n(4)]
    pub position: ReceivePos,
    /// The server's clock when it was committed.
    #[n(5)]
    pub at: UnixMs,
}

impl Checkpoint {
    /// Signs it with the server's receipt key.
    pub fn sign(&self, key: &Ed25519KeyPair) -> Vec<u8> {
        sign(key, Purpose::Checkpoint, &encode(self))
    }

    /// Verifies a signed checkpoint.
    pub fn verify(key: &[u8], bytes: &[u8]) -> Result<Self, BadSignature> {
        let payload = verify(key, Purpose::Checkpoint, bytes)?;
        decode_canonical(&payload).map_err(|_| BadSignature::Shape)
    }
}
