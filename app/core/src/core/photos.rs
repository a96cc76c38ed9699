//! Photos: kept as they came, sealed under a key of their own, named by their hash.

use rusqlite::Connection;
use shared::doc::{Edit, PhotoMeta};
use shared::hash::BlobHash;
use shared::ids::{PhotoId, RecordId};
use shared::record::PHOTOS;
use zeroize::Zeroizing;

use super::drafts::open_draft;
use super::{Changed, Core, CoreError, record_id};
use crate::files::RESERVE;
use crate::photo::{self, Prepared};
use crate::store::{PhotoRow, draft_rows, photo_rows, record_rows};
use crate::view::PhotoView;

/// Longest caption, in characters.
const CAPTION_CHARS: usize = 500;

/// The file of an original.
pub(super) fn original_name(id: PhotoId) -> String {
    id.to_string()
}

/// The file of a preview.
pub(super) fn preview_name(id: PhotoId) -> String {
    format!("{id}.preview")
}

impl Core {
    /// Adds a photo to a draft or to a submitted record of one's own. The original is on the
    /// disk before anything names it.
    pub fn photo_add(
        &self,
        record: &str,
        name: &str,
        caption: Option<&str>,
        bytes: &[u8],
    ) -> Result<PhotoView, CoreError> {
        let record_id = record_id(record)?;
        // A file's name may say who or where; the caption is what the officer means to keep.
        let _ = name;
        let caption = caption.map(str::trim).filter(|it| !it.is_empty());
        if caption.is_some_and(|it| it.chars().count() > CAPTION_CHARS) {
            return Err(CoreError::BadInput("caption".to_owned()));
        }
        let prepared = photo::prepare(bytes)?;
        self.make_reserve()?;
        let photo = self.seal(record_id, caption, bytes, &prepared)?;
        let in_draft = draft_rows::get(self.lock().store.read(), record_id)?.is_some();
        let done = if in_draft {
            self.lock().commit(&self.config, |tx, context| {
                let mut draft = open_draft(tx, context, record_id)?;
                room(tx, record_id)?;
                photo_rows::insert(tx, &photo)?;
                draft.saved_at = context.now();
                Ok(draft_rows::put(tx, &draft)?)
            })
        } else {
            self.add_to_submitted(record, &photo)
        };
        if let Err(error) = done {
            // Whether a commit that failed at the disk is there after all is known when the
            // vault is opened next: what no row names is swept then.
            if !matches!(error, CoreError::Store(_)) {
                self.remove_files(photo.id);
            }
            return Err(error);
        }
        self.tell(Changed::Drafts);
        Ok(photo_view(&photo, None))
    }

    /// The preview of a photo: a JPEG, upright and without EXIF.
    pub fn photo_preview(&self, id: &str) -> Result<Vec<u8>, CoreError> {
        self.photo_file(id, preview_name, |photo| photo.preview)
    }

    /// The original bytes of a photo, checked against their hash.
    pub fn photo_original(&self, id: &str) -> Result<Vec<u8>, CoreError> {
        self.photo_file(id, original_name, |photo| photo.here)
    }

    fn photo_file(
        &self,
        id: &str,
        name: fn(PhotoId) -> String,
        here: fn(&PhotoRow) -> bool,
    ) -> Result<Vec<u8>, CoreError> {
        let id: PhotoId = id.parse().map_err(|_| CoreError::NotFound)?;
        let found = {
            let state = self.lock();
            let conn = state.store.read();
            let found = photo_rows::get(conn, id)?.ok_or(CoreError::NotFound)?;
            let others = record_rows::known(conn, found.record)?.is_some_and(|row| !row.own);
            state.context(&self.config)?.may_show(!others)?;
            found
        };
        if !here(&found) {
            return Err(CoreError::PhotoNotHere);
        }
        let key = found.key.as_ref().ok_or(CoreError::PhotoNotHere)?;
        self.open_file(&name(id), key)
    }

    /// Reads and opens a sealed file.
    pub(super) fn open_file(&self, name: &str, key: &[u8; 32]) -> Result<Vec<u8>, CoreError> {
        let sealed = self.config.blobs.read(name)?;
        photo::open(key, &sealed).map_err(|_| CoreError::Damaged("photo"))
    }

    /// Seals the files of a photo under a new key.
    pub(super) fn seal_files(
        &self,
        id: PhotoId,
        original: &[u8],
        preview: Option<&[u8]>,
    ) -> Result<Zeroizing<[u8; 32]>, CoreError> {
        let key = Zeroizing::new(self.config.env.bytes());
        let seal = |plain: &[u8]| photo::seal(&key, plain).map_err(|_| CoreError::Damaged("photo"));
        let write = || -> Result<(), CoreError> {
            if let Some(preview) = preview {
                self.config
                    .blobs
                    .write(&preview_name(id), &seal(preview)?)?;
            }
            Ok(self
                .config
                .blobs
                .write(&original_name(id), &seal(original)?)?)
        };
        if let Err(error) = write() {
            self.remove_files(id);
            return Err(error);
        }
        Ok(key)
    }

    fn seal(
        &self,
        record: RecordId,
        caption: Option<&str>,
        bytes: &[u8],
        prepared: &Prepared,
    ) -> Result<PhotoRow, CoreError> {
        let id = PhotoId::from_bytes(self.config.env.bytes());
        let key = self.seal_files(id, bytes, prepared.preview.as_deref())?;
        Ok(PhotoRow {
            id,
            record,
            sha256: BlobHash::of(bytes),
            bytes: bytes.len() as u64,
            mime: prepared.mime.to_owned(),
            caption: caption.map(str::to_owned),
            taken_at: self.config.env.now(),
            width: prepared.width,
            height: prepared.height,
            key: Some(key),
            here: true,
            preview: prepared.preview.is_some(),
            mine: true,
            draft: true,
            stored: false,
        })
    }

    fn add_to_submitted(&self, record: &str, photo: &PhotoRow) -> Result<(), CoreError> {
        let mut row = photo.clone();
        row.draft = false;
        let meta = PhotoMeta {
            sha256: row.sha256,
            bytes: row.bytes,
            mime: row.mime.clone(),
            caption: row.caption.clone(),
            taken_at: row.taken_at,
            width: row.width,
            height: row.height,
        };
        self.edit_record(record, None, |tx, _, _| {
            photo_rows::insert(tx, &row)?;
            Ok(vec![Edit::AddPhoto {
                id: row.id,
                photo: meta,
            }])
        })?;
        Ok(())
    }

    /// Removes the files of a photo; those that are not there are removed already, and those
    /// that cannot be removed now are swept when the vault is opened next.
    pub(super) fn remove_files(&self, id: PhotoId) {
        let _ = self.config.blobs.remove(&original_name(id));
        let _ = self.config.blobs.remove(&preview_name(id));
    }

    /// Removes files that no row names: their photo was never kept, or was evicted, and the
    /// key is gone with the row.
    pub(super) fn sweep_photos(&self) -> Result<(), CoreError> {
        let here = photo_rows::here(self.lock().store.read())?;
        let kept: std::collections::HashSet<_> = here
            .into_iter()
            .flat_map(|id| [original_name(id), preview_name(id)])
            .collect();
        for name in self.config.blobs.list()? {
            if !kept.contains(&name) && name != RESERVE {
                self.config.blobs.remove(&name)?;
            }
        }
        Ok(())
    }
}

fn room(tx: &Connection, record: RecordId) -> Result<(), CoreError> {
    if photo_rows::of_record(tx, record)?.len() >= PHOTOS {
        return Err(CoreError::BadInput("photos".to_owned()));
    }
    Ok(())
}

/// A photo as the screens get it; `sent` is what of it is over while it is on the wire.
pub(super) fn photo_view(photo: &PhotoRow, sent: Option<u64>) -> PhotoView {
    let state = match (photo.stored, photo.mine, sent) {
        (true, _, _) => "received",
        (false, true, Some(_)) => "sending",
        (false, true, None) => "saved",
        (false, false, _) => "elsewhere",
    };
    PhotoView {
        id: photo.id.to_string(),
        sha256: photo.sha256.to_string(),
        caption: photo.caption.clone(),
        bytes: photo.bytes,
        taken_at: photo.taken_at.0,
        state: state.to_owned(),
        sent: sent.unwrap_or(0),
        preview: photo.preview,
    }
}

/// How much of a photo is over, while it is on the wire.
pub(super) fn sent(photo: &PhotoRow, upload: Option<(BlobHash, u64)>) -> Option<u64> {
    upload
        .filter(|(blob, _)| *blob == photo.sha256)
        .map(|(_, sent)| sent)
}
