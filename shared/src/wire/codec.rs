//! Bodies of exchanges: deterministic CBOR inside one zstd frame with its checksum, under hard
//! limits.
//!
//! The checksum keeps a body that was damaged on its way from passing for an honest entry with
//! a bad payload, which would be rejected for good.

use std::io::Read;

use minicbor::{Decode, Encode};

use crate::log::{decode_canonical, encode};

/// The media type of exchange bodies.
pub const MEDIA_TYPE: &str = "application/vnd.beatbook.exchange+cbor+zstd";

/// What one body may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes on the wire.
    pub compressed: usize,
    /// Bytes after decompression.
    pub plain: usize,
}

impl Limits {
    /// For requests of devices.
    pub const REQUEST: Self = Self {
        compressed: 4 << 20,
        plain: 16 << 20,
    };
    /// For answers of the server.
    pub const RESPONSE: Self = Self {
        compressed: 16 << 20,
        plain: 64 << 20,
    };
}

/// The largest window a body may ask the decoder to keep: 8 MiB.
const WINDOW_LOG_MAX: u32 = 23;
/// The compression level: the knee of time against size for these bodies.
const LEVEL: i32 = 3;

/// A body that does not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadBody {
    /// Over the limits.
    #[error("body over the limit")]
    TooLarge,
    /// Not one zstd stream.
    #[error("not one zstd stream")]
    Compression,
    /// Not the deterministic CBOR of the message.
    #[error("not the expected message")]
    Message,
}

impl BadBody {
    /// A stable name, for the audit.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "body_too_large",
            Self::Compression => "body_compression",
            Self::Message => "body_message",
        }
    }
}

/// Encodes and compresses.
pub fn encode_body<T: Encode<()>>(message: &T) -> Vec<u8> {
    let plain = encode(message);
    // Compressing from memory to memory cannot fail; an empty body is refused by any reader.
    compress(&plain).unwrap_or_default()
}

fn compress(plain: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut compressor = zstd::bulk::Compressor::new(LEVEL)?;
    compressor.include_checksum(true)?;
    compressor.compress(plain)
}

/// Decompresses and decodes, never taking more than the limits.
pub fn decode_body<T>(bytes: &[u8], limits: Limits) -> Result<T, BadBody>
where
    T: for<'b> Decode<'b, ()> + Encode<()>,
{
    if bytes.len() > limits.compressed {
        return Err(BadBody::TooLarge);
    }
    let mut decoder = zstd::Decoder::with_buffer(bytes).map_err(|_| BadBody::Compression)?;
    decoder
        .window_log_max(WINDOW_LOG_MAX)
        .map_err(|_| BadBody::Compression)?;
    let mut decoder = decoder.single_frame();
    let mut plain = Vec::new();
    let room = limits.plain as u64 + 1;
    decoder
        .by_ref()
        .take(room)
        .read_to_end(&mut plain)
        .map_err(|_| BadBody::Compression)?;
    if plain.len() > limits.plain {
        return Err(BadBody::TooLarge);
    }
    if !decoder.finish().is_empty() {
        return Err(BadBody::Compression);
    }
    decode_canonical(&plain).map_err(|_| BadBody::Message)
}
