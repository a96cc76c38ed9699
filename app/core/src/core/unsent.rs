//! Taking unsent work out as a file that only the server can open: for the day on which a device
//! cannot reach it any more.

use std::io::Write;
use std::iter;

use shared::hash::BlobHash;
use shared::ids::Seq;
use shared::wire::{PHOTO_PIECE, UnsentHead, UnsentItem, UnsentPhoto};

use super::{Core, CoreError};
use crate::spool::AgeSeal;
use crate::store::own_log::Offer;
use crate::store::{PhotoRow, own_log, photo_rows};

/// What a file of unsent work holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Unsent {
    /// Entries.
    pub entries: u64,
    /// Photos.
    pub photos: u32,
    /// Photos that are named and whose bytes are not on this device.
    pub photos_missing: u32,
}

impl Unsent {
    /// True if there is nothing to take out.
    pub const fn is_empty(&self) -> bool {
        self.entries == 0 && self.photos == 0 && self.photos_missing == 0
    }
}

impl Core {
    /// Writes what the server has not received: the log from there on, then photos.
    pub fn write_unsent(&self, out: impl Write, seal: &AgeSeal) -> Result<Unsent, CoreError> {
        let recipient: &dyn age::Recipient = seal.recipient();
        let sealer = age::Encryptor::with_recipients(iter::once(recipient))
            .map_err(|_| CoreError::Damaged("sealing key"))?;
        let mut file = sealer.wrap_output(out)?;
        let mut unsent = Unsent::default();
        self.write_log(&mut file, &mut unsent)?;
        let photos = photo_rows::unsent(self.lock().store.read())?;
        for photo in photos {
            self.write_photo(&mut file, &photo, &mut unsent)?;
        }
        file.finish()?;
        Ok(unsent)
    }

    fn write_log(&self, file: &mut impl Write, unsent: &mut Unsent) -> Result<(), CoreError> {
        let descriptor = self.descriptor()?;
        let head = UnsentHead {
            version: UnsentHead::VERSION,
            device: descriptor.device,
            officer: descriptor.officer,
            made: self.config.env.now(),
        };
        let log = descriptor.log;
        write(file, &UnsentItem::Head(head))?;
        write(file, &UnsentItem::Log(descriptor))?;
        let mut next = own_log::first_unreceived(&self.lock().vault()?);
        loop {
            let offer = own_log::offer(self.lock().store.read(), log, next)?;
            let (item, after) = match offer {
                Offer::Nothing => return Ok(()),
                Offer::Segment(segment) => {
                    let after = Seq(segment.first.0 + segment.entries.len() as u64);
                    (UnsentItem::Segment(segment), after)
                }
                Offer::Sealed(ready) => {
                    let after = ready.last.next();
                    (UnsentItem::Parcel(ready.sealed.into()), after)
                }
            };
            write(file, &item)?;
            unsent.entries += after.0.saturating_sub(next.0);
            next = after;
        }
    }

    fn write_photo(
        &self,
        file: &mut impl Write,
        photo: &PhotoRow,
        unsent: &mut Unsent,
    ) -> Result<(), CoreError> {
        let named = UnsentPhoto {
            record: photo.record,
            blob: photo.sha256,
            bytes: photo.bytes,
        };
        write(file, &UnsentItem::Photo(named))?;
        let Some(bytes) = self.photo_or_nothing(photo.sha256)? else {
            unsent.photos_missing += 1;
            return Ok(());
        };
        for piece in bytes.chunks(PHOTO_PIECE) {
            write(file, &UnsentItem::Piece(piece.to_vec().into()))?;
        }
        unsent.photos += 1;
        Ok(())
    }

    /// The original; none if the device has it no more, which must not keep the rest back.
    fn photo_or_nothing(&self, blob: BlobHash) -> Result<Option<Vec<u8>>, CoreError> {
        match self.upload_bytes(blob) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(CoreError::PhotoNotHere | CoreError::Damaged(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn write(file: &mut impl Write, item: &UnsentItem) -> Result<(), CoreError> {
    Ok(file.write_all(&item.to_frame())?)
}
