//! Photos to and from the server, after the words.

use shared::hash::BlobHash;
use shared::ids::RecordId;

use super::photos::original_name;
use super::{Changed, Core, CoreError, evict, project, wifi};
use crate::photo;
use crate::store::{PhotoRow, photo_rows};

/// A photo to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Upload {
    /// The record that names it.
    pub record: RecordId,
    /// Its original bytes.
    pub blob: BlobHash,
    /// How many.
    pub bytes: u64,
}

impl Core {
    /// The next photo to send: the oldest one of a submitted record.
    pub fn next_upload(&self) -> Result<Option<Upload>, CoreError> {
        let now = self.config.env.clock.boot().1;
        let state = self.lock();
        if wifi::photos(&state, &self.config.env)?.wait {
            return Ok(None);
        }
        let unsent = photo_rows::unsent(state.store.read())?;
        let next = unsent
            .into_iter()
            .find(|it| state.link.may_try(&it.sha256, now));
        Ok(next.map(|photo| Upload {
            record: photo.record,
            blob: photo.sha256,
            bytes: photo.bytes,
        }))
    }

    /// The original bytes of a photo, checked against their hash.
    pub fn upload_bytes(&self, blob: BlobHash) -> Result<Vec<u8>, CoreError> {
        let found = photo_rows::of_blob(self.lock().store.read(), blob)?;
        let photo = found
            .into_iter()
            .find(|it| it.here)
            .ok_or(CoreError::PhotoNotHere)?;
        let key = photo.key.as_ref().ok_or(CoreError::PhotoNotHere)?;
        let bytes = self.open_file(&original_name(photo.id), key)?;
        if BlobHash::of(&bytes) != blob {
            return Err(CoreError::Damaged("photo"));
        }
        Ok(bytes)
    }

    /// Milliseconds since the device was started.
    pub fn boot_ms(&self) -> u64 {
        self.config.env.clock.boot().1
    }

    /// So many bytes of a photo are over.
    pub fn upload_progress(&self, blob: BlobHash, sent: u64) {
        self.lock().link.upload = Some((blob, sent));
        self.tell(Changed::Status);
    }

    /// Puts a photo off; none says that a new round begins.
    pub fn postpone_upload(&self, blob: Option<BlobHash>) {
        let link = &mut self.lock().link;
        link.upload = None;
        match blob {
            Some(blob) => link.postpone(blob, self.config.env.clock.boot().1),
            None => link.round += 1,
        }
    }

    /// The server holds the photo, and has checked its hash.
    pub fn uploaded(&self, upload: &Upload) -> Result<(), CoreError> {
        {
            let mut state = self.lock();
            state.link.upload = None;
            state.link.postponed.remove(&upload.blob);
            state.commit(&self.config, |tx, context| {
                photo_rows::set_stored(tx, upload.record, upload.blob)?;
                evict::sent(tx, context, upload.record)?;
                project::states(tx, context, upload.record)
            })?;
        }
        self.finish_evictions()?;
        self.tell(Changed::Records);
        self.tell(Changed::Status);
        Ok(())
    }

    /// The next photo that a reviewer will want to see and that is not here.
    pub fn next_download(&self) -> Result<Option<BlobHash>, CoreError> {
        let now = self.config.env.clock.boot().1;
        let state = self.lock();
        let wanted = photo_rows::wanted(state.store.read())?;
        let next = wanted
            .into_iter()
            .find(|it| state.link.may_try(&it.sha256, now));
        Ok(next.map(|photo| photo.sha256))
    }

    /// A photo has come: keeps it if it is the one that was asked for.
    pub fn photo_arrived(&self, blob: BlobHash, bytes: &[u8]) -> Result<(), CoreError> {
        if BlobHash::of(bytes) != blob {
            return Err(CoreError::Damaged("photo"));
        }
        // A photo that cannot be shown is kept all the same: it is evidence.
        let preview = photo::prepare(bytes)
            .ok()
            .and_then(|prepared| prepared.preview);
        let waiting = photo_rows::of_blob(self.lock().store.read(), blob)?;
        for row in waiting.into_iter().filter(|row| !row.here) {
            self.keep_arrived(&row, bytes, preview.as_deref())?;
        }
        self.tell(Changed::Records);
        Ok(())
    }

    fn keep_arrived(
        &self,
        row: &PhotoRow,
        bytes: &[u8],
        preview: Option<&[u8]>,
    ) -> Result<(), CoreError> {
        let key = self.seal_files(row.id, bytes, preview)?;
        let kept = self.lock().commit(&self.config, |tx, _| {
            // The record may have been evicted while the photo was on its way.
            if photo_rows::get(tx, row.id)?.is_none() {
                return Ok(false);
            }
            photo_rows::arrived(tx, row.id, &key, preview.is_some())?;
            Ok(true)
        });
        if !matches!(kept, Ok(true)) {
            self.remove_files(row.id);
        }
        kept.map(|_| ())
    }
}
