//! A file of unsent work that somebody carried in: received exactly as pushes and uploads.

use std::io::{BufRead, Read};

use shared::hash::BlobHash;
use shared::ids::{DeviceId, LogId, Seq};
use shared::wire::{ErrorCode, UnsentItem, UnsentPhoto, WireError};

use super::{Server, ServerError};
use crate::store::{Device, Upload};

/// Bytes of a photo.
const PHOTO_MAX: u64 = 25 << 20;

/// What became of a file of unsent work.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Unsent {
    /// Entries that were not there before.
    pub entries: u64,
    /// Photos that were stored, or were there before.
    pub photos: u64,
    /// Photos that were named, and whose bytes the device no longer had, or which are not the
    /// ones that were named.
    pub photos_missing: u64,
}

/// Where the reading has got to.
#[derive(Default)]
struct Reading {
    log: Option<(LogId, Device)>,
    photo: Option<(Device, UnsentPhoto, u64)>,
    unsent: Unsent,
}

const SHAPE: ServerError = ServerError::Invalid("not a file of unsent work");

impl Server {
    /// Receives a file of unsent work. Done again it changes nothing.
    pub fn import_unsent(&self, sealed: impl BufRead) -> Result<Unsent, ServerError> {
        let mut plain = self.sealing.open_stream(sealed)?;
        let mut reading = Reading::default();
        let Some(UnsentItem::Head(head)) = next(&mut plain)? else {
            return Err(SHAPE);
        };
        if head.version != shared::wire::UnsentHead::VERSION {
            return Err(ServerError::Invalid("the file is of a newer app"));
        }
        while let Some(item) = next(&mut plain)? {
            self.take_item(&mut reading, item)?;
        }
        self.end_photo(&mut reading)?;
        Ok(reading.unsent)
    }

    fn take_item(&self, reading: &mut Reading, item: UnsentItem) -> Result<(), ServerError> {
        let now = self.env.now();
        match item {
            UnsentItem::Head(_) => return Err(SHAPE),
            UnsentItem::Log(descriptor) => {
                reading.log = Some((descriptor.log, self.device_of_log(descriptor.log)?));
            }
            UnsentItem::Segment(segment) => {
                let (log, device) = reading.log.as_ref().ok_or(SHAPE)?;
                if segment.log != *log {
                    return Err(SHAPE);
                }
                let before = self.next_of(*log)?;
                self.receive_at_once(device, segment, None, now)
                    .map_err(ServerError::Refused)?;
                reading.unsent.entries += self.next_of(*log)? - before;
            }
            UnsentItem::Parcel(sealed) => {
                let (log, device) = reading.log.as_ref().ok_or(SHAPE)?;
                let before = self.next_of(*log)?;
                let segment = self
                    .open_parcel(*log, &sealed)
                    .map_err(ServerError::Refused)?;
                self.receive_at_once(device, segment, None, now)
                    .map_err(ServerError::Refused)?;
                reading.unsent.entries += self.next_of(*log)? - before;
            }
            UnsentItem::Photo(photo) => {
                self.end_photo(reading)?;
                let (_, device) = reading.log.clone().ok_or(SHAPE)?;
                self.begin_photo(reading, device, photo)?;
            }
            UnsentItem::Piece(piece) => {
                let Some((device, photo, got)) = &mut reading.photo else {
                    return Ok(());
                };
                *got += piece.len() as u64;
                if *got > photo.bytes {
                    return Err(SHAPE);
                }
                self.blobs.append(device.id, photo.blob, &piece)?;
            }
        }
        Ok(())
    }

    fn begin_photo(
        &self,
        reading: &mut Reading,
        device: Device,
        photo: UnsentPhoto,
    ) -> Result<(), ServerError> {
        let claim = self
            .store
            .upload_claim(device.id, photo.record, photo.blob)?;
        if claim.brought {
            reading.unsent.photos += 1;
        } else if !claim.allowed || photo.bytes > PHOTO_MAX {
            reading.unsent.photos_missing += 1;
        } else {
            // Whatever came of it before: here is all of it.
            self.blobs.discard(device.id, photo.blob)?;
            let upload = upload(device.id, &photo);
            self.store.upload_open(&upload, self.env.now())?;
            reading.photo = Some((device, photo, 0));
        }
        Ok(())
    }

    /// The photo that was being read has no more bytes.
    fn end_photo(&self, reading: &mut Reading) -> Result<(), ServerError> {
        let Some((device, photo, got)) = reading.photo.take() else {
            return Ok(());
        };
        let stored = match got == photo.bytes {
            true => match self.complete(&upload(device.id, &photo)) {
                Ok(_) => true,
                Err(WireError::Refused {
                    code: ErrorCode::BadUpload,
                    ..
                }) => false,
                Err(error) => return Err(ServerError::Refused(error)),
            },
            false => {
                self.drop_photo(device.id, photo.blob)?;
                false
            }
        };
        if stored {
            reading.unsent.photos += 1;
        } else {
            reading.unsent.photos_missing += 1;
        }
        Ok(())
    }

    fn drop_photo(&self, device: DeviceId, blob: BlobHash) -> Result<(), ServerError> {
        self.store.upload_close(device, blob)?;
        Ok(self.blobs.discard(device, blob)?)
    }

    /// The device of a log, revoked or not.
    fn device_of_log(&self, log: LogId) -> Result<Device, ServerError> {
        let unknown = ServerError::Invalid("its log is not known here");
        let Some(place) = self.store.place(log, Seq(0))? else {
            return Err(unknown);
        };
        let mut devices = self.store.devices()?.into_iter();
        devices.find(|it| it.id == place.device).ok_or(unknown)
    }

    fn next_of(&self, log: LogId) -> Result<u64, ServerError> {
        let place = self.store.place(log, Seq(0))?;
        Ok(place.map_or(0, |place| place.next.0))
    }
}

const fn upload(device: DeviceId, photo: &UnsentPhoto) -> Upload {
    Upload {
        device,
        blob: photo.blob,
        record: photo.record,
        bytes: photo.bytes,
    }
}

/// The next item; none at the end of the file.
fn next(plain: &mut impl Read) -> Result<Option<UnsentItem>, ServerError> {
    let mut prefix = [0; 4];
    let mut first = [0];
    // An age file that was cut does not come to its end: that is an error here.
    let damaged = |_| ServerError::Seal(super::BadSeal::Damaged);
    if plain.read(&mut first).map_err(damaged)? == 0 {
        return Ok(None);
    }
    prefix[0] = first[0];
    plain.read_exact(&mut prefix[1..]).map_err(damaged)?;
    let length = UnsentItem::length(prefix).map_err(|_| SHAPE)?;
    let mut item = vec![0; length];
    plain.read_exact(&mut item).map_err(damaged)?;
    UnsentItem::from_bytes(&item).map(Some).map_err(|_| SHAPE)
}
