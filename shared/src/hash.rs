//! SHA-256 values, each a type of its own.

use std::fmt;
use std::str::FromStr;

use ring::digest::{Context, SHA256};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::ids::bytes_newtype;

bytes_newtype!(
    /// The hash of a log header, chained to the one before it.
    HeaderHash, 32
);
bytes_newtype!(
    /// The hash of a salt and a payload.
    PayloadHash, 32
);
bytes_newtype!(
    /// The SHA-256 of a photo's original bytes, which is also its name.
    BlobHash, 32
);
bytes_newtype!(
    /// Automerge's hash of a change.
    ChangeHash, 32
);

/// SHA-256 over the parts, one after the other.
pub fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(part);
    }
    let mut out = [0; 32];
    out.copy_from_slice(context.finish().as_ref());
    out
}

impl BlobHash {
    /// The hash that names these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self::from_bytes(sha256(&[bytes]))
    }
}
