//! The schema-directed reading: fixed paths, at most root, map, entry and its scalars.
//!
//! It is total: whatever a document holds, it reads what fits the schema. What does not fit is
//! noted as the first fault, for which the guard refuses changes from outside.

use std::collections::BTreeMap;

use automerge::iter::MapRangeItem;
use automerge::{Automerge, ObjId, ObjType, ROOT, ReadDoc, ScalarValueRef, ValueRef};

use super::content::{About, Addendum, ConflictValue, Content, PhotoMeta};
use super::genesis;
use crate::hash::ChangeHash;
use crate::record::{
    ADDENDA, FieldDef, Kind, Merge, NOTE_TEXT_CHARS, PHOTOS, Scalar, TEXT_CHARS, field, field_def,
};
use crate::time::UnixMs;

/// Keys of the root that are not fields.
pub(super) mod root {
    pub(in crate::doc) const KIND: &str = "kind";
    pub(in crate::doc) const SCHEMA: &str = "schema";
    pub(in crate::doc) const PHOTOS: &str = "photos";
    pub(in crate::doc) const ADDENDA: &str = "addenda";
}

/// Most keys of the root, and of the map of a photo or an addendum.
const ROOT_KEYS: usize = 256;
const ENTRY_KEYS: usize = 32;
/// What grows when people add to it while apart may, once merged, exceed what one of them may
/// write by so much. Less would refuse honest work for what somebody else did meanwhile.
const MERGED: usize = 4;
/// Longest key, in bytes.
const KEY_BYTES: usize = 64;
/// Most values of one field that people gave while apart.
const VALUES: usize = 64;
/// Longest media type and author of an addendum, in characters.
const LINE_CHARS: usize = 500;

/// Reads a document as it is now, or as it was at some heads, and says what did not fit.
pub(super) fn read(
    doc: &Automerge,
    kind: Kind,
    heads: Option<&[automerge::ChangeHash]>,
) -> (Content, Option<&'static str>) {
    let mut reader = Reader {
        doc,
        heads,
        content: Content::empty(kind),
        fault: None,
    };
    reader.root();
    reader.content.addenda.sort_by_key(|it| (it.at, it.id));
    (reader.content, reader.fault)
}

/// The map or text of the root that the genesis created.
pub(super) fn container(doc: &Automerge, kind: Kind, key: &str) -> Option<ObjId> {
    let (value, id) = doc.get(ROOT, key).ok()??;
    (value.is_object() && is_of_genesis(&id, kind)).then_some(id)
}

fn is_of_genesis(id: &ObjId, kind: Kind) -> bool {
    matches!(id, ObjId::Id(_, actor, _) if actor.to_bytes() == genesis::actor(kind))
}

struct Reader<'a> {
    doc: &'a Automerge,
    heads: Option<&'a [automerge::ChangeHash]>,
    content: Content,
    fault: Option<&'static str>,
}

impl<'a> Reader<'a> {
    fn fault(&mut self, code: &'static str) {
        self.fault.get_or_insert(code);
    }

    fn entries(&self, id: &ObjId) -> impl Iterator<Item = MapRangeItem<'a>> + use<'a> {
        match self.heads {
            Some(heads) => self.doc.map_range_at(id, .., heads),
            None => self.doc.map_range(id, ..),
        }
    }

    fn root(&mut self) {
        let kind = self.content.kind;
        let mut containers = 0;
        for (place, item) in self.entries(&ROOT).enumerate() {
            if place >= ROOT_KEYS {
                return self.fault("too_many_keys");
            }
            if item.key.len() > KEY_BYTES {
                self.fault("key_too_long");
                continue;
            }
            match (&*item.key, &item.value) {
                (root::KIND, value) => {
                    if item.conflict || text_of(value) != Some(kind.as_str()) {
                        self.fault("kind");
                    }
                }
                (root::SCHEMA, ValueRef::Scalar(ScalarValueRef::Int(schema))) => {
                    match u32::try_from(*schema) {
                        Ok(schema) if !item.conflict => self.content.schema = schema,
                        _ => self.fault("schema"),
                    }
                }
                (root::SCHEMA, _) => self.fault("schema"),
                (key, ValueRef::Object(ty)) => {
                    let expected = match key {
                        root::PHOTOS | root::ADDENDA => Some(ObjType::Map),
                        field::TEXT if kind == Kind::Note => Some(ObjType::Text),
                        _ => None,
                    };
                    let id = item.id();
                    if item.conflict || expected != Some(*ty) || !is_of_genesis(&id, kind) {
                        self.fault("container");
                        continue;
                    }
                    containers += 1;
                    match key {
                        root::PHOTOS => self.photos(&id),
                        root::ADDENDA => self.addenda(&id),
                        _ => self.text(&id),
                    }
                }
                _ => self.field(&item),
            }
        }
        if containers != 2 + usize::from(kind == Kind::Note) {
            self.fault("container");
        }
    }

    fn field(&mut self, item: &MapRangeItem<'a>) {
        let key = &*item.key;
        let def = field_def(self.content.kind, key);
        let reserved = matches!(key, root::PHOTOS | root::ADDENDA)
            || def.is_some_and(|it| it.merge == Merge::Text);
        if reserved {
            return self.fault("container");
        }
        match read_scalar(&item.value, def) {
            Ok(value) => {
                if let (Some(value), Some(_)) = (value, def) {
                    self.content.fields.set(key, value);
                }
            }
            Err(code) => self.fault(code),
        }
        if item.conflict {
            self.conflict(key, def);
        }
    }

    /// Collects the values that people gave a field while apart. Equal ones need no choice.
    fn conflict(&mut self, key: &str, def: Option<&FieldDef>) {
        let all = match self.heads {
            Some(heads) => self.doc.get_all_at(ROOT, key, heads),
            None => self.doc.get_all(ROOT, key),
        };
        let all = all.unwrap_or_default();
        if all.len() > VALUES {
            self.fault("too_many_values");
        }
        let mut values = Vec::new();
        for (value, id) in all.into_iter().take(VALUES) {
            let value = match value {
                automerge::Value::Object(ty) => ValueRef::Object(ty),
                automerge::Value::Scalar(it) => ValueRef::Scalar(it.into_owned().into()),
            };
            match read_scalar(&value, def) {
                Ok(value) => {
                    if let Some(change) = self.doc.hash_for_opid(&id) {
                        let change = ChangeHash::from_bytes(change.0);
                        values.push(ConflictValue { value, change });
                    }
                }
                Err(code) => self.fault(code),
            }
        }
        let differ = values.windows(2).any(|pair| pair[0].value != pair[1].value);
        if def.is_some() && differ {
            values.sort_by_key(|it| it.change);
            self.content.conflicts.insert(key.to_owned(), values);
        }
    }

    fn text(&mut self, id: &ObjId) {
        let text = match self.heads {
            Some(heads) => self.doc.text_at(id, heads),
            None => self.doc.text(id),
        };
        let text = text.unwrap_or_default();
        if text.chars().count() > NOTE_TEXT_CHARS * MERGED {
            self.fault("text_too_long");
        }
        if !text.is_empty() {
            self.content.fields.set(field::TEXT, text);
        }
    }

    fn photos(&mut self, id: &ObjId) {
        for (place, item) in self.entries(id).enumerate() {
            if place >= PHOTOS * MERGED {
                return self.fault("too_many_photos");
            }
            let photo = self.entry(&item).and_then(|it| it.photo());
            match (item.key.parse(), photo) {
                (Ok(id), Some(photo)) => {
                    self.content.photos.insert(id, photo);
                }
                _ => self.fault("photo"),
            }
        }
    }

    fn addenda(&mut self, id: &ObjId) {
        for (place, item) in self.entries(id).enumerate() {
            if place >= ADDENDA * MERGED {
                return self.fault("too_many_addenda");
            }
            let mut id = [0; 16];
            let named = hex::decode_to_slice(&*item.key, &mut id).is_ok();
            match self.entry(&item).and_then(|it| it.addendum(id)) {
                Some(addendum) if named => self.content.addenda.push(addendum),
                _ => self.fault("addendum"),
            }
        }
    }

    /// The scalars of one photo or addendum. Maps of the same id, written apart, cannot come
    /// about by chance; the one that Automerge shows is read.
    fn entry(&mut self, item: &MapRangeItem<'a>) -> Option<Entry> {
        if !matches!(item.value, ValueRef::Object(ObjType::Map)) {
            return None;
        }
        let mut values = BTreeMap::new();
        for (place, item) in self.entries(&item.id()).enumerate() {
            if place >= ENTRY_KEYS || item.key.len() > KEY_BYTES {
                self.fault("too_many_keys");
                return None;
            }
            match read_scalar(&item.value, None) {
                Ok(Some(value)) => {
                    values.insert(item.key.into_owned(), value);
                }
                Ok(None) => {}
                Err(code) => self.fault(code),
            }
        }
        Some(Entry(values))
    }
}

/// The scalars of one photo or addendum.
struct Entry(BTreeMap<String, Scalar>);

impl Entry {
    fn line(&self, key: &str) -> Option<String> {
        let text = self.0.get(key)?.as_text()?;
        (text.chars().count() <= LINE_CHARS).then(|| text.to_owned())
    }

    fn int<T: TryFrom<i64>>(&self, key: &str) -> Option<T> {
        T::try_from(self.0.get(key)?.as_int()?).ok()
    }

    fn photo(self) -> Option<PhotoMeta> {
        Some(PhotoMeta {
            sha256: self.0.get("sha256")?.as_text()?.parse().ok()?,
            bytes: self.int("bytes")?,
            mime: self.line("mime")?,
            caption: self
                .0
                .get("caption")
                .and_then(Scalar::as_text)
                .map(str::to_owned),
            taken_at: UnixMs(self.int("taken_at")?),
            width: self.int("width")?,
            height: self.int("height")?,
        })
    }

    fn addendum(self, id: [u8; 16]) -> Option<Addendum> {
        Some(Addendum {
            id,
            text: self.0.get("text")?.as_text()?.to_owned(),
            by: self.line("by")?,
            at: UnixMs(self.int("at")?),
            about: About {
                happened_at: self.int("happened_at").map(UnixMs),
                corrects: self.line("corrects"),
                quote: self
                    .0
                    .get("quote")
                    .and_then(Scalar::as_text)
                    .map(str::to_owned),
            },
        })
    }
}

fn text_of<'v>(value: &'v ValueRef<'_>) -> Option<&'v str> {
    match value {
        ValueRef::Scalar(ScalarValueRef::Str(text)) => Some(text),
        _ => None,
    }
}

/// A scalar within the caps; nothing if its type is none of ours.
fn read_scalar(
    value: &ValueRef<'_>,
    def: Option<&FieldDef>,
) -> Result<Option<Scalar>, &'static str> {
    let ValueRef::Scalar(value) = value else {
        return Err("container");
    };
    let value = match value {
        ScalarValueRef::Str(text) if text.chars().count() > TEXT_CHARS => {
            return Err("text_too_long");
        }
        ScalarValueRef::Bytes(bytes) | ScalarValueRef::Unknown { bytes, .. }
            if bytes.len() > TEXT_CHARS =>
        {
            return Err("value_too_long");
        }
        ScalarValueRef::Str(text) => Some(Scalar::Text(text.clone().into_owned())),
        ScalarValueRef::Int(it) => Some(Scalar::Int(*it)),
        ScalarValueRef::Boolean(it) => Some(Scalar::Bool(*it)),
        _ => None,
    };
    match def {
        Some(def) if !value.as_ref().is_some_and(|it| def.ty.takes(it)) => Err("wrong_type"),
        _ => Ok(value),
    }
}
