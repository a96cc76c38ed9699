//! CBOR in its one deterministic form (RFC 8949 section 4.2).
//!
//! No decoder refuses other forms, so decoding encodes again and compares.

use minicbor::{Decode, Encode};

/// Bytes that are not the one deterministic encoding of the type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadCbor {
    /// Not CBOR of this shape.
    #[error("not CBOR of the expected shape")]
    Shape,
    /// The right shape, but not its deterministic encoding, or bytes after it.
    #[error("not the deterministic encoding")]
    NotCanonical,
}

/// Encodes; writing to memory cannot fail.
pub fn encode<T: Encode<()>>(value: &T) -> Vec<u8> {
    let mut out = Vec::new();
    // The writer is a Vec, whose error type has no values.
    let _ = minicbor::encode(value, &mut out);
    out
}

/// Decodes and refuses every encoding but the one that [`encode`] makes.
pub fn decode_canonical<'b, T>(bytes: &'b [u8]) -> Result<T, BadCbor>
where
    T: Decode<'b, ()> + Encode<()>,
{
    let value: T = minicbor::decode(bytes).map_err(|_| BadCbor::Shape)?;
    if encode(&value) == bytes {
        Ok(value)
    } else {
        Err(BadCbor::NotCanonical)
    }
}
