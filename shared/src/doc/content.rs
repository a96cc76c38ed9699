//! What a document says, as plain values.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use super::Schema;
use crate::hash::{BlobHash, ChangeHash};
use crate::ids::PhotoId;
use crate::record::{Fields, Kind, Scalar};
use crate::statement::PhotoRef;
use crate::time::UnixMs;

/// What a record knows of a photo. The bytes are a blob named by their hash.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhotoMeta {
    /// SHA-256 of the original bytes.
    pub sha256: BlobHash,
    /// How many bytes.
    pub bytes: u64,
    /// Media type.
    pub mime: String,
    /// The officer's words.
    pub caption: Option<String>,
    /// When it was taken.
    pub taken_at: UnixMs,
    /// Pixels, as stored.
    pub width: u32,
    /// Pixels, as stored.
    pub height: u32,
}

impl fmt::Debug for PhotoMeta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PhotoMeta")
            .field("sha256", &self.sha256)
            .field("bytes", &self.bytes)
            .finish_non_exhaustive()
    }
}

/// A dated addition. What was submitted is never overwritten.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addendum {
    /// Its random id.
    #[serde(with = "hex::serde")]
    pub id: [u8; 16],
    /// The words.
    pub text: String,
    /// Who wrote them, as people read it.
    pub by: String,
    /// When.
    pub at: UnixMs,
    /// What they are about.
    #[serde(flatten)]
    pub about: About,
}

/// What an addition is about, beyond its words. What it puts right stays as it was, and is
/// shown struck through beside it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// When what it tells of happened, where that is another time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub happened_at: Option<UnixMs>,
    /// What it puts right: the key of a field, or the id of an addendum.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrects: Option<String>,
    /// The words there that no longer hold; all of them if none are given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<String>,
}

/// Prints no words.
impl fmt::Debug for About {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("About")
            .field("corrects", &self.corrects)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Addendum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Addendum")
            .field("id", &hex::encode(self.id))
            .finish_non_exhaustive()
    }
}

/// One of several values that people gave a field while apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ConflictValue {
    /// The value; nothing if it is of a kind this program does not know.
    pub value: Option<Scalar>,
    /// The change that set it.
    pub change: ChangeHash,
}

/// What a document says. The same changes give the same content, whatever their order.
#[derive(Clone, PartialEq, Eq)]
pub struct Content {
    /// What is recorded.
    pub kind: Kind,
    /// The schema the record was begun with.
    pub schema: u32,
    /// Its fields; the text of a note is one of them.
    pub fields: Fields,
    /// Its photos.
    pub photos: BTreeMap<PhotoId, PhotoMeta>,
    /// Its addenda, oldest first.
    pub addenda: Vec<Addendum>,
    /// Fields for which somebody has to choose, with all their values sorted by change.
    pub conflicts: BTreeMap<String, Vec<ConflictValue>>,
}

impl Content {
    /// The photos as a statement about this state lists them.
    pub fn manifest(&self) -> Vec<PhotoRef> {
        let photos = self.photos.iter();
        // Sorted as the map is: each id stands in it once.
        photos
            .map(|(id, photo)| PhotoRef {
                id: *id,
                blob: photo.sha256,
            })
            .collect()
    }

    /// Nothing recorded yet.
    pub fn empty(kind: Kind) -> Self {
        Self {
            kind,
            schema: Schema::FIRST.number(),
            fields: Fields::new(),
            photos: BTreeMap::new(),
            addenda: Vec::new(),
            conflicts: BTreeMap::new(),
        }
    }
}

/// Prints keys and counts only: the values are about a person.
impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Content")
            .field("kind", &self.kind)
            .field("schema", &self.schema)
            .field("fields", &self.fields)
            .field("photos", &self.photos.len())
            .field("addenda", &self.addenda.len())
            .field("conflicts", &self.conflicts.keys())
            .finish()
    }
}

/// A field that differs between two versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// The field.
    pub key: String,
    /// What it was.
    pub before: Option<Scalar>,
    /// What it is.
    pub after: Option<Scalar>,
}

/// The fields that differ between two versions, sorted by key.
pub fn difference(before: &Content, after: &Content) -> Vec<FieldChange> {
    let keys: BTreeSet<_> = before
        .fields
        .iter()
        .chain(after.fields.iter())
        .map(|(key, _)| key)
        .collect();
    keys.into_iter()
        .map(|key| FieldChange {
            key: key.to_owned(),
            before: before.fields.get(key).cloned(),
            after: after.fields.get(key).cloned(),
        })
        .filter(|it| it.before != it.after)
        .collect()
}
