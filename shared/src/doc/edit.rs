//! Edits that an officer makes, and the one change they become.

use std::fmt;

use automerge::transaction::Transactable;
use automerge::{Automerge, AutomergeError, ObjType, ROOT, ReadDoc};

use super::content::{About, Addendum, Content, PhotoMeta};
use super::error::DocError;
use super::read::{container, root};
use super::splice::splice;
use crate::hash::ChangeHash;
use crate::ids::{ActorId, PhotoId};
use crate::record::{
    ADDENDA, FieldDef, FieldType, Merge, PHOTOS, Scalar, TEXT_CHARS, field, field_def,
};
use crate::time::UnixMs;

/// One edit of a record.
#[derive(Clone, PartialEq, Eq)]
pub enum Edit {
    /// Gives a field a value. A value that is there already stays untouched, and with it a
    /// choice that somebody still has to make.
    Set {
        /// The field.
        key: String,
        /// Its value.
        value: Scalar,
    },
    /// Makes a field blank.
    Clear {
        /// The field.
        key: String,
    },
    /// Gives a note its whole new text, of which only the difference is written.
    Text {
        /// The text.
        value: String,
    },
    /// Adds a photo; one that is there already stays as it is.
    AddPhoto {
        /// Its random id.
        id: PhotoId,
        /// What is known of it.
        photo: PhotoMeta,
    },
    /// Adds a dated addition; one that is there already stays as it is.
    AddAddendum {
        /// Its random id.
        id: [u8; 16],
        /// The words.
        text: String,
        /// Who wrote them.
        by: String,
        /// When.
        at: UnixMs,
        /// What they are about.
        about: About,
    },
    /// Chooses the value of a field that has several.
    Pick {
        /// The field.
        key: String,
        /// The chosen value.
        value: Scalar,
    },
}

/// Prints what is edited, not what it says.
impl fmt::Debug for Edit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Set { key, .. } => write!(f, "Set({key})"),
            Self::Clear { key } => write!(f, "Clear({key})"),
            Self::Text { .. } => f.write_str("Text"),
            Self::AddPhoto { id, .. } => write!(f, "AddPhoto({id:?})"),
            Self::AddAddendum { id, .. } => write!(f, "AddAddendum({})", hex::encode(id)),
            Self::Pick { key, .. } => write!(f, "Pick({key})"),
        }
    }
}

/// One change of a record, as it travels.
#[derive(Clone, PartialEq, Eq)]
pub struct RawChange {
    /// The raw change chunk.
    pub bytes: Vec<u8>,
    /// Its hash.
    pub hash: ChangeHash,
    /// The changes it follows.
    pub deps: Vec<ChangeHash>,
    /// Who made it.
    pub actor: ActorId,
    /// Its number among that actor's.
    pub seq: u64,
}

impl fmt::Debug for RawChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawChange({:?}, {} bytes)", self.hash, self.bytes.len())
    }
}

impl From<&automerge::Change> for RawChange {
    fn from(change: &automerge::Change) -> Self {
        let mut actor = [0; 16];
        // The guard lets in no other length.
        if let Ok(bytes) = change.actor_id().to_bytes().try_into() {
            actor = bytes;
        }
        Self {
            bytes: change.raw_bytes().to_vec(),
            hash: ChangeHash::from_bytes(change.hash().0),
            deps: change
                .deps()
                .iter()
                .map(|it| ChangeHash::from_bytes(it.0))
                .collect(),
            actor: ActorId::from_bytes(actor),
            seq: change.seq(),
        }
    }
}

/// Writes edits into a transaction, each against what the ones before it left.
pub(super) struct Writer<'a, T> {
    pub(super) tx: &'a mut T,
    pub(super) content: Content,
}

impl<T: Transactable + ReadDoc> Writer<'_, T> {
    pub(super) fn write(&mut self, doc: &Automerge, edit: &Edit) -> Result<(), DocError> {
        match edit {
            Edit::Set { key, value } => {
                let def = self.def(key)?;
                match (def.merge, value) {
                    (Merge::Text, Scalar::Text(text)) => self.text(doc, text),
                    _ if self.content.fields.get(key) == Some(value) => Ok(()),
                    _ => self.put(def, value),
                }
            }
            Edit::Pick { key, value } => {
                let def = self.def(key)?;
                let open = self.content.conflicts.contains_key(key);
                if !open && self.content.fields.get(key) == Some(value) {
                    return Ok(());
                }
                self.put(def, value)
            }
            Edit::Clear { key } => self.clear(doc, key),
            Edit::Text { value } => self.text(doc, value),
            Edit::AddPhoto { id, photo } => self.photo(doc, *id, photo),
            Edit::AddAddendum {
                id,
                text,
                by,
                at,
                about,
            } => self.addendum(
                doc,
                Addendum {
                    id: *id,
                    text: text.clone(),
                    by: by.clone(),
                    at: *at,
                    about: about.clone(),
                },
            ),
        }
    }

    fn def(&self, key: &str) -> Result<&'static FieldDef, DocError> {
        field_def(self.content.kind, key).ok_or(DocError::UnknownField)
    }

    fn put(&mut self, def: &'static FieldDef, value: &Scalar) -> Result<(), DocError> {
        if def.merge == Merge::Text || !def.ty.takes(value) {
            return Err(DocError::WrongType(def.key));
        }
        if let Scalar::Text(text) = value {
            let cap = match def.ty {
                FieldType::Text { cap } => cap,
                _ => TEXT_CHARS,
            };
            within(def.key, text, cap)?;
        }
        let written = match value {
            Scalar::Bool(it) => self.tx.put(ROOT, def.key, *it),
            Scalar::Int(it) => self.tx.put(ROOT, def.key, *it),
            Scalar::Text(it) => self.tx.put(ROOT, def.key, it.as_str()),
        };
        written.map_err(not_made)?;
        self.content.fields.set(def.key, value.clone());
        self.content.conflicts.remove(def.key);
        Ok(())
    }

    fn clear(&mut self, doc: &Automerge, key: &str) -> Result<(), DocError> {
        let def = self.def(key)?;
        if def.merge == Merge::Text {
            return self.text(doc, "");
        }
        if self.content.fields.remove(key).is_some() {
            self.tx.delete(ROOT, def.key).map_err(not_made)?;
            self.content.conflicts.remove(key);
        }
        Ok(())
    }

    fn text(&mut self, doc: &Automerge, after: &str) -> Result<(), DocError> {
        let def = self.def(field::TEXT)?;
        if let FieldType::Text { cap } = def.ty {
            within(def.key, after, cap)?;
        }
        let id = container(doc, self.content.kind, field::TEXT).ok_or(DocError::Unreadable)?;
        let before = self.tx.text(&id).map_err(not_made)?;
        if let Some(it) = splice(&before, after) {
            let delete = isize::try_from(it.delete).map_err(|_| DocError::NotMade)?;
            self.tx
                .splice_text(&id, it.at, delete, it.insert)
                .map_err(not_made)?;
        }
        Ok(())
    }

    fn photo(&mut self, doc: &Automerge, id: PhotoId, photo: &PhotoMeta) -> Result<(), DocError> {
        if self.content.photos.contains_key(&id) {
            return Ok(());
        }
        if self.content.photos.len() >= PHOTOS {
            return Err(DocError::TooManyPhotos);
        }
        let int = |it| i64::try_from(it).map_err(|_| DocError::WrongType("bytes"));
        let bytes = int(photo.bytes)?;
        within("mime", &photo.mime, 100)?;
        within("caption", photo.caption.as_deref().unwrap_or_default(), 500)?;
        let map = container(doc, self.content.kind, root::PHOTOS).ok_or(DocError::Unreadable)?;
        let tx = &mut *self.tx;
        (|| {
            let map = tx.put_object(&map, id.to_string(), ObjType::Map)?;
            tx.put(&map, "sha256", photo.sha256.to_string())?;
            tx.put(&map, "bytes", bytes)?;
            tx.put(&map, "mime", photo.mime.as_str())?;
            if let Some(caption) = &photo.caption {
                tx.put(&map, "caption", caption.as_str())?;
            }
            tx.put(&map, "taken_at", photo.taken_at.0)?;
            tx.put(&map, "width", i64::from(photo.width))?;
            tx.put(&map, "height", i64::from(photo.height))
        })()
        .map_err(not_made)?;
        self.content.photos.insert(id, photo.clone());
        Ok(())
    }

    fn addendum(&mut self, doc: &Automerge, it: Addendum) -> Result<(), DocError> {
        if self.content.addenda.iter().any(|had| had.id == it.id) {
            return Ok(());
        }
        if self.content.addenda.len() >= ADDENDA {
            return Err(DocError::TooManyAddenda);
        }
        let About {
            happened_at,
            corrects,
            quote,
        } = &it.about;
        within("addendum", &it.text, TEXT_CHARS)?;
        within("by", &it.by, 500)?;
        within("corrects", corrects.as_deref().unwrap_or_default(), 100)?;
        within("quote", quote.as_deref().unwrap_or_default(), TEXT_CHARS)?;
        let map = container(doc, self.content.kind, root::ADDENDA).ok_or(DocError::Unreadable)?;
        let tx = &mut *self.tx;
        (|| {
            let map = tx.put_object(&map, hex::encode(it.id), ObjType::Map)?;
            tx.put(&map, "text", it.text.as_str())?;
            tx.put(&map, "by", it.by.as_str())?;
            tx.put(&map, "at", it.at.0)?;
            if let Some(at) = happened_at {
                tx.put(&map, "happened_at", at.0)?;
            }
            if let Some(corrects) = corrects {
                tx.put(&map, "corrects", corrects.as_str())?;
            }
            if let Some(quote) = quote {
                tx.put(&map, "quote", quote.as_str())?;
            }
            Ok(())
        })()
        .map_err(not_made)?;
        self.content.addenda.push(it);
        Ok(())
    }
}

fn within(field: &'static str, text: &str, cap: usize) -> Result<(), DocError> {
    if text.chars().count() > cap {
        return Err(DocError::TooLong { field, cap });
    }
    Ok(())
}

#[allow(clippy::needless_pass_by_value, reason = "for map_err")]
fn not_made(_: AutomergeError) -> DocError {
    // Its message can quote what was written.
    DocError::NotMade
}
