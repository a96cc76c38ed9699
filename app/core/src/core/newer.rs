//! Entries of a schema above this app's: they are kept unopened, and the record is listed by what
//! the server reads of it. Whoever updates the app opens them.

use rusqlite::Connection;
use serde::de::DeserializeOwned;
use shared::doc::{RecordDoc, genesis};
use shared::ids::{OfficerId, RecordId};
use shared::log::EntryKind;
use shared::projection::Projection;
use shared::record::{Fields, Kind, field};
use shared::wire::FeedEntry;

use super::context::Context;
use super::settle::Touched;
use super::{Changed, Core, CoreError, feed, later, project};
use crate::store::{EntryRow, entry_rows, newer_rows, record_rows};

/// Longest projection that is kept.
const PROJECTION_MAX: usize = 256 * 1024;

/// Records whose entries are opened in one transaction.
const BATCH: usize = 32;

/// The schema of an entry that this app cannot read.
pub(super) fn above(context: &Context, entry: &FeedEntry) -> Option<u32> {
    let reads = |schema| context.schema.reads(schema) || shared::mutant!(NewerOpened);
    entry.schema.filter(|schema| !reads(*schema))
}

/// What the server reads of a record. One that does not read is of a kind that this app has no
/// list for.
pub(super) fn read<T: DeserializeOwned>(json: &str) -> Option<T> {
    let json = Some(json).filter(|json| json.len() <= PROJECTION_MAX)?;
    serde_json::from_str(json).ok()
}

/// Lists the record of a change that this app cannot read; and lists it anew after any other change
/// of it.
pub(super) fn list(
    tx: &Connection,
    context: &Context,
    id: RecordId,
    row: &EntryRow,
    entry: &FeedEntry,
) -> Result<(), CoreError> {
    let Some(json) = entry.projection.as_ref() else {
        return Ok(());
    };
    if above(context, entry).is_none() && newer_rows::get(tx, id)?.is_none() {
        return Ok(());
    }
    let Some(projection) = read::<Projection>(json) else {
        return Ok(());
    };
    later::open(tx, context, id)?;
    let known = record_rows::known(tx, id)?.map(|row| row.author);
    let author = match known {
        Some(author) => Some(author),
        None => begun_by(tx, id, row)?,
    };
    // Its history is still to come: until then nobody knows whose it is.
    let Some(author) = author else {
        return Ok(());
    };
    let snapshot = record_rows::snapshot(tx, id)?;
    let snapshot = snapshot.unwrap_or_else(|| RecordDoc::new(projection.kind).save());
    newer_rows::put(tx, id, json)?;
    project::listed(tx, context, id, author, &projection, &snapshot)
}

/// Lists a record that this app cannot read anew, after a change of its own was let in.
pub(super) fn list_again(
    tx: &Connection,
    context: &Context,
    id: RecordId,
    entry: &FeedEntry,
) -> Result<(), CoreError> {
    let Some(json) = entry.projection.as_ref() else {
        return Ok(());
    };
    let (known, snapshot) = (record_rows::known(tx, id)?, record_rows::snapshot(tx, id)?);
    let (Some(row), Some(snapshot)) = (known, snapshot) else {
        return Ok(());
    };
    let Some(projection) = read::<Projection>(json).filter(|_| entry.kind == EntryKind::Change)
    else {
        return Ok(());
    };
    if newer_rows::get(tx, id)?.is_none() {
        return Ok(());
    }
    newer_rows::put(tx, id, json)?;
    project::listed(tx, context, id, row.author, &projection, &snapshot)
}

/// Who began the record, if its first change is here. Of one that this app cannot even parse it is
/// not known to be another.
fn begun_by(tx: &Connection, id: RecordId, row: &EntryRow) -> Result<Option<OfficerId>, CoreError> {
    let begins = |it: &EntryRow| {
        let is = |kind: &Kind| it.deps == [genesis(*kind).hash];
        it.kind == EntryKind::Change && (it.change.is_none() || Kind::ALL.iter().any(is))
    };
    if begins(row) {
        return Ok(Some(row.officer));
    }
    let here = entry_rows::facts_of(tx, id)?;
    Ok(here.iter().find(|it| begins(it)).map(|it| it.officer))
}

/// Lays what the server reads over the fields that this app can read.
pub(super) fn lay_over(
    conn: &Connection,
    id: RecordId,
    fields: &mut Fields,
) -> Result<(), CoreError> {
    let Some(read) = projection(conn, id)? else {
        return Ok(());
    };
    let at = match read.kind {
        Kind::StopSearch => field::SEARCHED_AT,
        Kind::Note => field::HAPPENED_AT,
    };
    let texts = [
        (field::REFERENCE, read.reference),
        (field::SUBJECT, read.subject),
        (field::PLACE_TEXT, read.place_text),
        (field::OBJECT, read.object),
        (field::POWER, read.power),
        (field::OUTCOME, read.outcome),
        (field::INCIDENT_LOG, read.incident_log),
        (field::OPERATION, read.operation),
    ];
    for (key, text) in texts {
        if let Some(text) = text {
            fields.set(key, text);
        }
    }
    let numbers = [
        (at, read.happened_at.map(|at| at.0)),
        (field::PLACE_LAT_E7, read.lat_e7),
        (field::PLACE_LON_E7, read.lon_e7),
        (field::PLACE_ACCURACY_M, read.accuracy_m),
    ];
    for (key, number) in numbers {
        if let Some(number) = number {
            fields.set(key, number);
        }
    }
    Ok(())
}

/// True if this app reads no change of the record. One that it wrote would rest on none, and begin
/// the record anew on a server that has lost the others.
pub(super) fn is_shut(conn: &Connection, id: RecordId, doc: &RecordDoc) -> Result<bool, CoreError> {
    Ok(doc.changes().is_empty() && newer_rows::get(conn, id)?.is_some())
}

/// What the server reads of the record, if this app cannot read all of it.
pub(super) fn projection(conn: &Connection, id: RecordId) -> Result<Option<Projection>, CoreError> {
    let json = newer_rows::get(conn, id)?;
    Ok(json.and_then(|json| serde_json::from_str(&json).ok()))
}

impl Core {
    /// Opens what an older app kept unopened and this one reads.
    pub(super) fn open_held(&self) -> Result<(), CoreError> {
        let mut state = self.lock();
        let records = newer_rows::readable(state.store.read(), self.config.schema)?;
        if records.is_empty() || shared::mutant!(NewerLeftShut) {
            return Ok(());
        }
        for batch in records.chunks(BATCH) {
            let anew = state.commit(&self.config, |tx, context| {
                let mut touched = Touched::default();
                for id in batch {
                    for mut entry in newer_rows::held(tx, *id, context.schema)? {
                        feed::read(&mut entry);
                        newer_rows::opened(tx, &entry)?;
                    }
                    newer_rows::drop_if_read(tx, *id)?;
                    touched.documents.insert(*id);
                    // What was given up while it could not be read is not to be in it now.
                    let entries = entry_rows::facts_of(tx, *id)?;
                    if entries.iter().any(EntryRow::given_up) {
                        touched.anew.insert(*id);
                    }
                }
                Ok(touched.settle(tx, context)?.1)
            })?;
            for id in &anew {
                state.actors.remove(id);
            }
        }
        drop(state);
        self.tell(Changed::Records);
        Ok(())
    }
}
