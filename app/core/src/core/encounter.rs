//! Several people and vehicles in one encounter: one record each, linked by its name.

use rusqlite::Connection;
use shared::codes::names;
use shared::ids::RecordId;
use shared::record::{Fields, Kind, field, field_def};

use super::CoreError;
use super::context::Context;
use super::project::load;
use crate::store::{DraftRow, Find, ListRow, draft_rows, find_rows, record_rows};
use crate::view::LinkedView;

/// What another record of the encounter takes over: what was the same for everybody, and never
/// anything about a person. Grounds are written anew each time (Code A 4.6), and GOWISELY is
/// said anew (PACE s.2).
const SHARED: [&str; 18] = [
    field::PLACE_TEXT,
    field::PLACE_LAT_E7,
    field::PLACE_LON_E7,
    field::PLACE_ACCURACY_M,
    field::PLACE_SOURCE,
    field::PLACE_FIX_AT,
    field::ENCOUNTER,
    field::OBJECT,
    field::POWER,
    field::AUTHORISATION,
    field::VEHICLE_PLATE,
    field::VEHICLE_DESCRIPTION,
    field::VIDEO,
    field::OPERATION,
    field::INCIDENT_LOG,
    field::OFFICERS_PRESENT,
    field::IDENTITY_PROTECTED,
    field::IDENTITY_REASON,
];
/// The first of them are the place, which goes over whole or not at all.
const PLACE: usize = 6;

/// The most records of one encounter that are shown.
const LINKED_MAX: u32 = 50;

/// Takes over what an encounter shares from a record or a draft of it. Its place stands for the
/// whole place: a new fix beside an old name would be two places in one.
pub(super) fn copy(
    tx: &Connection,
    context: &Context,
    source: RecordId,
    kind: Kind,
    fields: &mut Fields,
) -> Result<(), CoreError> {
    let from = match draft_rows::get(tx, source)? {
        Some(draft) if draft.discarded_at.is_none() => draft.fields,
        _ => {
            let row = record_rows::known(tx, source)?.ok_or(CoreError::NotFound)?;
            context.may_show(row.own)?;
            load(tx, source, row.kind)?.content().fields
        }
    };
    if SHARED[..PLACE].iter().any(|key| from.get(key).is_some()) {
        for key in &SHARED[..PLACE] {
            fields.remove(key);
        }
    }
    // An order of a court is about one person.
    let basis = shared::record::basis(&from, context.lists());
    for key in SHARED {
        if key == field::AUTHORISATION && basis == shared::record::Basis::Order {
            continue;
        }
        if let Some(value) = from.get(key)
            && field_def(kind, key).is_some()
        {
            fields.set(key, value.clone());
        }
    }
    Ok(())
}

/// The other records and drafts of an encounter, the newest first.
pub(super) fn others(
    conn: &Connection,
    context: &Context,
    fields: &Fields,
    me: RecordId,
) -> Result<Vec<LinkedView>, CoreError> {
    let Some(encounter) = fields.get_text(field::ENCOUNTER) else {
        return Ok(Vec::new());
    };
    let drafts = draft_rows::list(conn)?.into_iter().filter(|draft| {
        draft.id != me && draft.fields.get_text(field::ENCOUNTER) == Some(encounter)
    });
    let mut linked: Vec<_> = drafts.map(|draft| draft_line(context, draft)).collect();
    linked.extend(saying(conn, context, encounter, me)?);
    Ok(linked)
}

/// The records whose words hold this name: of an encounter, or of a record that notes name.
pub(super) fn saying(
    conn: &Connection,
    context: &Context,
    name: &str,
    me: RecordId,
) -> Result<Vec<LinkedView>, CoreError> {
    // Names of encounters and records are letters and digits; what is not, came from elsewhere.
    if name.is_empty() || !name.bytes().all(|it| it.is_ascii_alphanumeric()) {
        return Ok(Vec::new());
    }
    let find = Find {
        words: Some(format!("\"{name}\"")),
        own: context.lease.is_over(),
        limit: LINKED_MAX,
        ..Find::default()
    };
    let rows = find_rows::find(conn, &find)?.into_iter();
    let view = |row: ListRow| LinkedView {
        id: row.id.to_string(),
        draft: false,
        kind: row.kind,
        title: row.title,
        subject: row.subject,
        at: row.happened_at.0,
    };
    Ok(rows.filter(|row| row.id != me).map(view).collect())
}

fn draft_line(context: &Context, draft: DraftRow) -> LinkedView {
    let object = draft.fields.get_text(field::OBJECT);
    let label = object.map(|it| context.lists().label(names::OBJECTS, it).to_owned());
    LinkedView {
        id: draft.id.to_string(),
        draft: true,
        kind: draft.kind.as_str().to_owned(),
        title: label.unwrap_or_default(),
        subject: draft.fields.get_text(field::SUBJECT).map(str::to_owned),
        at: draft.started_at.0,
    }
}
