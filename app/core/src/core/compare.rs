//! The versions of a record: who made each, and what differs between two.

use std::collections::BTreeMap;

use shared::doc::{Content, FieldChange, RawChange, RecordDoc, difference};
use shared::hash::ChangeHash;
use shared::record::{Scalar, value_label};

use super::context::Context;
use super::reading::{Why, consult};
use super::scalars::field_map;
use super::timeline::heads_of_version;
use super::{Core, CoreError, project, record_id};
use crate::store::{EntryRow, entry_rows, record_rows};
use crate::view::{ComparedView, ComparisonView, MadeView, VersionView};

impl Core {
    /// An earlier state of a record; 1 is the first one written.
    pub fn version(&self, id: &str, number: u32) -> Result<VersionView, CoreError> {
        self.read_versions(id, |context, doc, entries| {
            let content = at(doc, number)?;
            let label = |(key, value): (&str, &Scalar)| {
                let label = value_label(content.kind, key, value, context.lists())?;
                Some((key.to_owned(), label))
            };
            Ok(VersionView {
                number,
                made: made(context, doc, entries, number)?,
                labels: content.fields.iter().filter_map(label).collect(),
                fields: field_map(&content.fields),
                addenda: content.addenda.iter().map(|it| it.text.clone()).collect(),
                photos: u32::try_from(content.photos.len()).unwrap_or(u32::MAX),
            })
        })
    }

    /// What differs between two versions of a record, field by field.
    pub fn compare(&self, id: &str, before: u32, after: u32) -> Result<ComparisonView, CoreError> {
        self.read_versions(id, |context, doc, entries| {
            let (old, new) = (at(doc, before)?, at(doc, after)?);
            let fields = difference(&old, &new);
            let added = new.addenda.iter().filter(|it| !old.addenda.contains(it));
            let photos = new.photos.keys().filter(|it| !old.photos.contains_key(it));
            Ok(ComparisonView {
                before: made(context, doc, entries, before)?,
                after: made(context, doc, entries, after)?,
                fields: fields
                    .into_iter()
                    .map(|it| compared(context, &new, it))
                    .collect(),
                addenda: added.map(|it| it.text.clone()).collect(),
                photos: photos.map(ToString::to_string).collect(),
            })
        })
    }

    fn read_versions<T>(
        &self,
        id: &str,
        read: impl FnOnce(&Context, &RecordDoc, &[EntryRow]) -> Result<T, CoreError>,
    ) -> Result<T, CoreError> {
        let id = record_id(id)?;
        self.lock().commit(&self.config, |tx, context| {
            let row = record_rows::known(tx, id)?.ok_or(CoreError::NotFound)?;
            context.may_show(row.own)?;
            if !row.own {
                consult(tx, context, id, Why::Known)?;
            }
            let doc = project::load(tx, id, row.kind)?;
            read(context, &doc, &entry_rows::facts_of(tx, id)?)
        })
    }
}

fn at(doc: &RecordDoc, number: u32) -> Result<Content, CoreError> {
    let heads = heads_of_version(doc, number).ok_or(CoreError::NotFound)?;
    Ok(doc.at(&heads)?)
}

pub(super) fn compared(context: &Context, content: &Content, change: FieldChange) -> ComparedView {
    let label = |value: &Option<Scalar>| {
        let value = value.as_ref()?;
        value_label(content.kind, &change.key, value, context.lists())
    };
    ComparedView {
        before_label: label(&change.before),
        after_label: label(&change.after),
        before: change.before.as_ref().map(Into::into),
        after: change.after.as_ref().map(Into::into),
        field: change.key,
    }
}

fn made(
    context: &Context,
    doc: &RecordDoc,
    entries: &[EntryRow],
    number: u32,
) -> Result<MadeView, CoreError> {
    let changes = doc.changes();
    let place = usize::try_from(number)
        .ok()
        .and_then(|it| it.checked_sub(1));
    let change = place
        .and_then(|it| changes.get(it))
        .ok_or(CoreError::NotFound)?;
    let entries: BTreeMap<ChangeHash, &EntryRow> = entries
        .iter()
        .filter_map(|it| Some((it.change?, it)))
        .collect();
    Ok(made_by(context, number, change, &entries))
}

fn made_by(
    context: &Context,
    number: u32,
    change: &RawChange,
    entries: &BTreeMap<ChangeHash, &EntryRow>,
) -> MadeView {
    let entry = entries.get(&change.hash);
    MadeView {
        number,
        by: entry.map(|it| context.label_or_id(it.officer)),
        device: entry.map(|it| it.device.to_string()[..8].to_owned()),
        here: entry.is_some_and(|it| it.device == context.vault.device),
        at: entry.map(|it| it.at.0),
        received_at: entry.and_then(|it| it.received_at).map(|at| at.0),
        accepted: entry.is_some_and(|it| it.accepted()),
    }
}

/// Every version of a record: who made it, when, and on which device.
pub(super) fn versions(context: &Context, doc: &RecordDoc, entries: &[EntryRow]) -> Vec<MadeView> {
    let entries: BTreeMap<ChangeHash, &EntryRow> = entries
        .iter()
        .filter_map(|it| Some((it.change?, it)))
        .collect();
    let view = |(number, change): (u32, &RawChange)| made_by(context, number, change, &entries);
    (1..).zip(&doc.changes()).map(view).collect()
}
