//! Photos: uploads that resume at the byte that is durable, and reading them back.

use shared::hash::BlobHash;
use shared::ids::{DeviceId, RecordId};
use shared::wire::{Credential, ErrorCode, UploadState, WireError};

use super::gate::{refuse, refuse_io};
use super::{PhotoBytes, Server, UploadProgress, lock, preview};
use crate::store::{PhotoAccess, Reader, Upload};

/// The largest photo.
const PHOTO_BYTES_MAX: u64 = 25 << 20;
/// Uploads one device may have open.
const OPEN_MAX: u32 = 32;
/// An upload that was begun so long ago is given up when its device has too many: whoever has
/// the photo still begins it again.
const ABANDONED_MS: i64 = 14 * 24 * 3600 * 1000;

impl Server {
    /// Announces a photo; gives where to continue.
    pub fn upload_begin(
        &self,
        credential: &Credential,
        record: RecordId,
        blob: BlobHash,
        bytes: u64,
    ) -> Result<UploadState, WireError> {
        let device = self.device_of(credential)?.id;
        if bytes == 0 || bytes > PHOTO_BYTES_MAX {
            return Err(WireError::refused(ErrorCode::TooLarge));
        }
        let claim = self
            .store
            .upload_claim(device, record, blob)
            .map_err(refuse)?;
        if !claim.allowed {
            return Err(WireError::refused(ErrorCode::NotFound));
        }
        if claim.brought {
            return Ok(UploadState::Complete);
        }
        if claim.open >= OPEN_MAX && !self.drop_abandoned(device)? {
            let code = ErrorCode::SlowDown;
            return Err(WireError::Refused {
                code,
                retry_after_ms: Some(30_000),
            });
        }
        let open = self.store.upload(device, blob).map_err(refuse)?;
        if open.is_some_and(|upload| upload.bytes != bytes) {
            self.upload_drop(device, blob)?;
        }
        let upload = Upload {
            device,
            blob,
            record,
            bytes,
        };
        self.store
            .upload_open(&upload, self.env.now())
            .map_err(refuse)?;
        let staged = self.blobs.staged(device, blob).map_err(|e| refuse_io(&e))?;
        match self.catch_up(&upload, staged)? {
            true => Ok(UploadState::Complete),
            false => Ok(UploadState::At(staged)),
        }
    }

    /// Gives up the uploads of a device that have not ended for long; true if there were some.
    fn drop_abandoned(&self, device: DeviceId) -> Result<bool, WireError> {
        let before = self.env.now().plus(-ABANDONED_MS);
        let old = self.store.uploads_before(device, before).map_err(refuse)?;
        for blob in &old {
            self.upload_drop(device, *blob)?;
        }
        Ok(!old.is_empty())
    }

    /// Stores a photo of which every byte is durable already: the process may have died, or its
    /// disk been full, after the last of them. False if bytes are missing or somebody is at it.
    fn catch_up(&self, upload: &Upload, staged: u64) -> Result<bool, WireError> {
        if staged < upload.bytes {
            return Ok(false);
        }
        let Some(_turn) = Turn::take(self, upload.device, upload.blob) else {
            return Err(put_off());
        };
        self.complete(upload).map(|_| true)
    }

    /// How far an upload has come.
    pub fn upload_progress(
        &self,
        credential: &Credential,
        blob: BlobHash,
    ) -> Result<UploadProgress, WireError> {
        let device = self.device_of(credential)?.id;
        let upload = self.store.upload(device, blob).map_err(refuse)?;
        let Some(upload) = upload else {
            return self.finished(device, blob);
        };
        let offset = self.blobs.staged(device, blob).map_err(|e| refuse_io(&e))?;
        // An upload that stands at its length is taken for stored by every client.
        let complete = self.catch_up(&upload, offset)?;
        Ok(UploadProgress {
            offset,
            bytes: upload.bytes,
            complete,
        })
    }

    /// An upload that is not open has finished, or never was. What other devices brought is
    /// nothing that this one may learn.
    fn finished(&self, device: DeviceId, blob: BlobHash) -> Result<UploadProgress, WireError> {
        if !self.store.has_brought(device, blob).map_err(refuse)? {
            return Err(WireError::refused(ErrorCode::NotFound));
        }
        let bytes = self.blobs.len(blob).map_err(|e| refuse_io(&e))?;
        Ok(UploadProgress {
            offset: bytes,
            bytes,
            complete: true,
        })
    }

    /// Appends bytes at the offset; gives where to continue.
    pub fn upload_append(
        &self,
        credential: &Credential,
        blob: BlobHash,
        offset: u64,
        chunk: &[u8],
    ) -> Result<UploadState, WireError> {
        let device = self.device_of(credential)?.id;
        // Two that write one file would leave neither's bytes.
        let Some(_turn) = Turn::take(self, device, blob) else {
            return Err(put_off());
        };
        let upload = self.store.upload(device, blob).map_err(refuse)?;
        let Some(upload) = upload else {
            return self.finished(device, blob).map(|_| UploadState::Complete);
        };
        let staged = self.blobs.staged(device, blob).map_err(|e| refuse_io(&e))?;
        if offset != staged {
            return Err(WireError::refused(ErrorCode::BadOffset));
        }
        if staged + chunk.len() as u64 > upload.bytes {
            return Err(WireError::refused(ErrorCode::TooLarge));
        }
        let end = self
            .blobs
            .append(device, blob, chunk)
            .map_err(|e| refuse_io(&e))?;
        if end < upload.bytes {
            return Ok(UploadState::At(end));
        }
        self.complete(&upload)
    }

    /// The last byte is there: the photo becomes visible only if it is the one announced.
    pub(super) fn complete(&self, upload: &Upload) -> Result<UploadState, WireError> {
        let Upload {
            device,
            blob,
            bytes,
            ..
        } = *upload;
        if !self
            .blobs
            .publish(device, blob)
            .map_err(|e| refuse_io(&e))?
        {
            self.upload_drop(device, blob)?;
            return Err(WireError::refused(ErrorCode::BadUpload));
        }
        // Bytes first, row second: a row without its photo would be a lie.
        let scopes = self
            .store
            .photo_stored(device, blob, bytes, self.env.now())
            .map_err(refuse)?;
        self.blobs
            .discard(device, blob)
            .map_err(|e| refuse_io(&e))?;
        self.tell_feed(self.store.counters().map_err(refuse)?.accept, scopes);
        Ok(UploadState::Complete)
    }

    /// Gives an upload up.
    pub fn upload_cancel(&self, credential: &Credential, blob: BlobHash) -> Result<(), WireError> {
        let device = self.device_of(credential)?.id;
        match self.store.upload(device, blob).map_err(refuse)? {
            Some(_) => self.upload_drop(device, blob),
            None => Err(WireError::refused(ErrorCode::NotFound)),
        }
    }

    fn upload_drop(&self, device: DeviceId, blob: BlobHash) -> Result<(), WireError> {
        self.store.upload_close(device, blob).map_err(refuse)?;
        self.blobs.discard(device, blob).map_err(|e| refuse_io(&e))
    }

    /// The original bytes of a photo of a record that the vault may read.
    pub fn photo(&self, credential: &Credential, blob: BlobHash) -> Result<PhotoBytes, WireError> {
        let (_, log) = self.vault(credential)?;
        self.read_photo(Reader::Vault(log), blob)
    }

    /// The preview of a photo of a record that the vault may read.
    pub fn photo_preview(
        &self,
        credential: &Credential,
        blob: BlobHash,
    ) -> Result<PhotoBytes, WireError> {
        self.photo(credential, blob)
            .and_then(|photo| preview::of(&photo.bytes))
    }

    /// The original bytes, for whoever may see them.
    pub(super) fn read_photo(
        &self,
        reader: Reader,
        blob: BlobHash,
    ) -> Result<PhotoBytes, WireError> {
        match self.store.photo_access(reader, blob).map_err(refuse)? {
            PhotoAccess::No => return Err(WireError::refused(ErrorCode::NotFound)),
            PhotoAccess::NotHere => return Err(WireError::refused(ErrorCode::PhotoNotHere)),
            PhotoAccess::Here => {}
        }
        let bytes = self.blobs.read(blob).map_err(|e| refuse_io(&e))?;
        if BlobHash::of(&bytes) != blob {
            // Evidence that changed on the disk is not evidence.
            tracing::error!(%blob, "a stored photo is damaged");
            return Err(WireError::refused(ErrorCode::Internal));
        }
        Ok(PhotoBytes {
            mime: preview::mime(&bytes),
            bytes,
        })
    }
}

/// Somebody else is at this upload.
const fn put_off() -> WireError {
    WireError::Refused {
        code: ErrorCode::BadOffset,
        retry_after_ms: Some(1_000),
    }
}

/// The right to append to one upload, for as long as it lives.
struct Turn<'a> {
    server: &'a Server,
    upload: (DeviceId, BlobHash),
}

impl<'a> Turn<'a> {
    fn take(server: &'a Server, device: DeviceId, blob: BlobHash) -> Option<Self> {
        let upload = (device, blob);
        lock(&server.appending)
            .insert(upload)
            // Built only when taken: one that is dropped at once would wait for this lock.
            .then(|| Self { server, upload })
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        lock(&self.server.appending).remove(&self.upload);
    }
}
