//! What a device seals to the server's key: parcels of its log, and the file of unsent work.
//!
//! Both are age files. What lies in them is described here, once for both sides; the sealing
//! itself needs randomness and is done where that is at hand.

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use crate::hash::BlobHash;
use crate::ids::{DeviceId, OfficerId, RecordId};
use crate::log::{BadCbor, Descriptor, Segment, decode_canonical, encode};
use crate::time::UnixMs;

/// Most bytes of a sealed parcel: an age file of one [`Segment`].
pub const PARCEL_MAX: usize = 4 << 20;

/// Most bytes of one item in a file of unsent work.
pub const ITEM_MAX: usize = 4 << 20;

/// Bytes of a photo in one item.
pub const PHOTO_PIECE: usize = 256 << 10;

/// One thing in a file of unsent work. The file is an age file; in it stand the items, each
/// after its length in four bytes, big end first. The first is the head.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
pub enum UnsentItem {
    /// Whose work it is.
    #[n(0)]
    Head(#[n(0)] UnsentHead),
    /// The log that the next segments are of.
    #[n(1)]
    Log(#[n(0)] Descriptor),
    /// A stretch of that log.
    #[n(2)]
    Segment(#[n(0)] Segment),
    /// A stretch of that log of which the device itself can no longer read some: a parcel, as
    /// a locked phone sends it.
    #[n(3)]
    Parcel(#[n(0)] ByteVec),
    /// A photo that the server does not hold.
    #[n(4)]
    Photo(#[n(0)] UnsentPhoto),
    /// The next bytes of that photo.
    #[n(5)]
    Piece(#[n(0)] ByteVec),
}

/// Prints what it is, never what it says.
impl std::fmt::Debug for UnsentItem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Head(_) => "Head",
            Self::Log(_) => "Log",
            Self::Segment(_) => "Segment",
            Self::Parcel(_) => "Parcel",
            Self::Photo(_) => "Photo",
            Self::Piece(_) => "Piece",
        })
    }
}

/// Whose work it is, and when it was taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct UnsentHead {
    /// Version of the file: 1.
    #[n(0)]
    pub version: u8,
    /// The device.
    #[n(1)]
    pub device: DeviceId,
    /// The officer.
    #[n(2)]
    pub officer: OfficerId,
    /// The device's wall clock.
    #[n(3)]
    pub made: UnixMs,
}

impl UnsentHead {
    /// The current version of the file.
    pub const VERSION: u8 = 1;
}

/// A photo that the server does not hold. Its bytes follow in pieces, or not at all if the
/// device has lost them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct UnsentPhoto {
    /// The record that names it.
    #[n(0)]
    pub record: RecordId,
    /// Its original bytes.
    #[n(1)]
    pub blob: BlobHash,
    /// How many.
    #[n(2)]
    pub bytes: u64,
}

/// A file of unsent work that does not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadUnsent {
    /// It ends in the middle of an item.
    #[error("the file of unsent work ends in the middle")]
    Short,
    /// An item is longer than any may be.
    #[error("an item of the unsent work is over the limit")]
    TooLarge,
    /// An item does not read.
    #[error("an item of the unsent work does not read")]
    Item(#[from] BadCbor),
}

impl UnsentItem {
    /// The item with its length before it.
    pub fn to_frame(&self) -> Vec<u8> {
        let item = encode(self);
        // What is written is cut into pieces well below the limit.
        let length = u32::try_from(item.len()).unwrap_or(u32::MAX);
        let mut frame = Vec::with_capacity(4 + item.len());
        frame.extend_from_slice(&length.to_be_bytes());
        frame.extend_from_slice(&item);
        frame
    }

    /// How many bytes the item has that stands after this length.
    pub fn length(prefix: [u8; 4]) -> Result<usize, BadUnsent> {
        match usize::try_from(u32::from_be_bytes(prefix)) {
            Ok(length) if length <= ITEM_MAX => Ok(length),
            _ => Err(BadUnsent::TooLarge),
        }
    }

    /// Reads an item without its length.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BadUnsent> {
        Ok(decode_canonical(bytes)?)
    }

    /// The items of a file that is in memory, opened.
    pub fn all(mut plain: &[u8]) -> impl Iterator<Item = Result<Self, BadUnsent>> {
        std::iter::from_fn(move || {
            let next = take(&mut plain).transpose()?;
            if next.is_err() {
                // After what does not read, nothing is known to begin.
                plain = &[];
            }
            Some(next)
        })
    }
}

fn take(rest: &mut &[u8]) -> Result<Option<UnsentItem>, BadUnsent> {
    if rest.is_empty() {
        return Ok(None);
    }
    let (prefix, after) = rest.split_first_chunk::<4>().ok_or(BadUnsent::Short)?;
    let length = UnsentItem::length(*prefix)?;
    let (item, after) = after.split_at_checked(length).ok_or(BadUnsent::Short)?;
    *rest = after;
    UnsentItem::from_bytes(item).map(Some)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::ids::{LogId, Seq};
    use crate::log::{Algorithm, Entry};

    fn items() -> Vec<UnsentItem> {
        let (log, device) = (LogId::from_bytes([2; 16]), DeviceId::from_bytes([4; 16]));
        let officer = OfficerId::from_bytes([3; 16]);
        vec![
            UnsentItem::Head(UnsentHead {
                version: UnsentHead::VERSION,
                device,
                officer,
                made: UnixMs(5),
            }),
            UnsentItem::Log(Descriptor {
                version: Descriptor::VERSION,
                log,
                algorithm: Algorithm::EdDsa,
                key: vec![6; 32],
                officer,
                device,
                parent: None,
            }),
            UnsentItem::Segment(Segment {
                log,
                first: Seq(7),
                entries: vec![Entry {
                    header: vec![8],
                    salt: [9; 16],
                    payload: vec![10],
                }],
                signature: vec![11],
            }),
            UnsentItem::Parcel(vec![12].into()),
            UnsentItem::Photo(UnsentPhoto {
                record: RecordId::from_bytes([13; 16]),
                blob: BlobHash::from_bytes([14; 32]),
                bytes: 15,
            }),
            UnsentItem::Piece(vec![16].into()),
        ]
    }

    fn file() -> Vec<u8> {
        items().iter().flat_map(UnsentItem::to_frame).collect()
    }

    /// Such files are kept by people for years. A change here is a new version, never an edit.
    #[test]
    fn golden_bytes_of_a_file_of_unsent_work() {
        let golden = include_str!("golden_unsent_v1.txt").trim();
        assert_eq!(hex::encode(file()), golden);
    }

    #[test]
    fn what_was_written_reads_the_same() {
        let read: Result<Vec<_>, _> = UnsentItem::all(&file()).collect();
        assert_eq!(read.unwrap(), items());
    }

    #[test]
    fn a_file_that_is_cut_changed_or_boastful_gives_what_came_before_and_a_refusal() {
        let whole = file();
        let head = items()[0].to_frame().len();
        for end in head + 1..whole.len() {
            let read: Vec<_> = UnsentItem::all(&whole[..end]).collect();
            assert_eq!(read[0].as_ref().ok(), items().first());
            let boundary = read.iter().all(Result::is_ok);
            assert_eq!(boundary, items_end_at(end), "cut at {end}");
        }
        let mut boastful = whole.clone();
        boastful[..4].copy_from_slice(&u32::MAX.to_be_bytes());
        let read: Vec<_> = UnsentItem::all(&boastful).collect();
        assert_eq!(read, [Err(BadUnsent::TooLarge)]);
        let mut changed = whole;
        changed[4] ^= 0xff;
        let read: Vec<_> = UnsentItem::all(&changed).collect();
        assert!(matches!(read[..], [Err(BadUnsent::Item(_))]));
    }

    fn items_end_at(end: usize) -> bool {
        let mut at = 0;
        items().iter().any(|item| {
            at += item.to_frame().len();
            at == end
        })
    }
}
