//! Bringing a record's rows up to date: projection and search words from its document, states
//! from its entries.

use rusqlite::Connection;
use shared::doc::{Content, RecordDoc};
use shared::guard::{Checked, Limits};
use shared::hash::ChangeHash;
use shared::ids::{OfficerId, RecordId};
use shared::log::EntryKind;
use shared::policy::{Act, Relation, may};
use shared::projection::{Projection, project};
use shared::record::{AdviceCode, Kind, advice, field, is_vehicle_only};
use shared::wire::Scope;

use super::context::Context;
use super::inside::Standing;
use super::states::Known;
use super::{CoreError, digests, later, newer};
use crate::store::{
    EntryRow, PhotoRow, ProjectedRow, entry_rows, feed_rows, own_log, photo_rows, record_rows,
    task_rows,
};

/// An hour.
const HOUR_MS: i64 = 60 * 60 * 1000;

/// Writes everything that follows from a document: rows, search words, snapshot, photos,
/// states.
pub(super) fn document(
    tx: &Connection,
    context: &Context,
    id: RecordId,
    author: OfficerId,
    doc: &RecordDoc,
) -> Result<(), CoreError> {
    let content = doc.content();
    photos(tx, id, &content)?;
    // What this app reads of it is not all there is.
    if let Some(projection) = newer::projection(tx, id)? {
        return listed(tx, context, id, author, &projection, &doc.save());
    }
    let lists = context.lists();
    let projection = project(&content, lists, context.reference.areas.as_deref());
    let happened_at = projection
        .happened_at
        .or(projection.completed_at)
        .unwrap_or_default();
    let look = flags(context, author, &content, &projection, doc.changes().len());
    let row = ProjectedRow {
        id,
        own: author == context.me(),
        author,
        kind: content.kind.as_str(),
        title: title(&projection),
        subject: content.fields.get_text(field::SUBJECT),
        place: content.fields.get_text(field::PLACE_TEXT),
        photos: u32::try_from(content.photos.len()).unwrap_or(u32::MAX),
        happened_at,
        conflict: !content.conflicts.is_empty(),
        look: &look,
        words: &projection.search_text,
        snapshot: Some(&doc.save()),
    };
    record_rows::put(tx, &row)?;
    later::opened(tx, id, doc)?;
    states(tx, context, id)
}

/// Writes the rows of a record that this app cannot read: from what the server reads of it.
pub(super) fn listed(
    tx: &Connection,
    context: &Context,
    id: RecordId,
    author: OfficerId,
    projection: &Projection,
    snapshot: &[u8],
) -> Result<(), CoreError> {
    let happened_at = projection.happened_at.or(projection.completed_at);
    let row = ProjectedRow {
        id,
        own: author == context.me(),
        author,
        kind: projection.kind.as_str(),
        title: title(projection),
        subject: projection.subject.as_deref(),
        place: projection.place_text.as_deref(),
        photos: u32::try_from(projection.photos.len()).unwrap_or(u32::MAX),
        happened_at: happened_at.unwrap_or_default(),
        conflict: projection.conflict,
        look: &[],
        words: &projection.search_text,
        snapshot: Some(snapshot),
    };
    record_rows::put(tx, &row)?;
    states(tx, context, id)
}

/// Photos that the document names and that were not taken here.
fn photos(tx: &Connection, record: RecordId, content: &Content) -> Result<(), CoreError> {
    for (id, photo) in &content.photos {
        photo_rows::insert(
            tx,
            &PhotoRow {
                id: *id,
                record,
                sha256: photo.sha256,
                bytes: photo.bytes,
                mime: photo.mime.clone(),
                caption: photo.caption.clone(),
                taken_at: photo.taken_at,
                width: photo.width,
                height: photo.height,
                key: None,
                here: false,
                preview: false,
                mine: false,
                draft: false,
                stored: false,
            },
        )?;
    }
    Ok(())
}

/// Writes the states of a record, and what digests see of it; of one that is not here, the
/// latter alone.
pub(super) fn states(tx: &Connection, context: &Context, id: RecordId) -> Result<(), CoreError> {
    let entries = entry_rows::facts_of(tx, id)?;
    digests::note(tx, id, &entries)?;
    let Some(row) = record_rows::known(tx, id)? else {
        return Ok(());
    };
    let known = known(tx, context, id, &row, &entries)?;
    Ok(record_rows::put_state(tx, id, &known.states())?)
}

/// What a record's states are computed from.
pub(super) fn known<'a>(
    conn: &Connection,
    context: &Context,
    id: RecordId,
    row: &'a record_rows::Known,
    entries: &'a [EntryRow],
) -> Result<Known<'a>, CoreError> {
    let photos = photo_rows::of_record(conn, id)?;
    let count = |wanted: fn(&PhotoRow) -> bool| {
        u32::try_from(photos.iter().filter(|photo| wanted(photo)).count()).unwrap_or(u32::MAX)
    };
    Ok(Known {
        me: context.me(),
        own: row.own,
        conflict: row.conflict,
        entries,
        unreceived: own_log::first_unreceived(&context.vault),
        photos_here: count(|photo| photo.mine && !photo.draft && !photo.stored),
        photos_missing: count(|photo| !photo.stored),
        reviewer: reviews(conn, context, id)?,
        held: task_rows::any(conn, id)?,
        review_ms: review_ms(context),
        flags: &row.look,
    })
}

/// How long after its submission the force wants a record reviewed.
pub(super) fn review_ms(context: &Context) -> i64 {
    i64::from(context.reference.settings.review_hours) * HOUR_MS
}

/// True if the reader's posting, cover or acting rank makes them a reviewer of the record.
pub(super) fn reviews(
    conn: &Connection,
    context: &Context,
    id: RecordId,
) -> Result<bool, CoreError> {
    for (role, team) in context.posts() {
        if may(role, Act::Review, Relation::OwnTeam)
            && feed_rows::is_in(conn, id, Scope::Team(team))?
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What lists call the record: what was looked for, or a note's first words.
pub(super) fn title(projection: &Projection) -> &str {
    projection.line.as_deref().unwrap_or(&projection.title)
}

/// An authorised area or its time, and something that does not fit.
const AREA: &[AdviceCode] = &[
    AdviceCode::AuthorisationOutside,
    AdviceCode::AuthorisationEdge,
    AdviceCode::AuthorisationNotInForce,
    AdviceCode::AuthorisationUnknown,
    AdviceCode::AuthorisationNoPlace,
    AdviceCode::AuthorisationPower,
];

/// Of a person searched: what they say of themselves, or what the officer says, is blank.
fn lacks_ethnicity(content: &Content) -> bool {
    let blank = |key| content.fields.get_text(key).is_none();
    !is_vehicle_only(&content.fields)
        && (blank(field::SELF_ETHNICITY) || blank(field::OFFICER_ETHNICITY))
}

/// What a reviewer should look at, in the order of weight.
fn flags(
    context: &Context,
    author: OfficerId,
    content: &Content,
    projection: &Projection,
    versions: usize,
) -> Vec<String> {
    let rank = context.rank(author);
    let now = projection.completed_at.unwrap_or_default();
    let on = context.advice_on(&rank, now);
    let advice = advice(content.kind, &content.fields, context.lists(), &on);
    let has = |codes: &[AdviceCode]| advice.iter().any(|it| codes.contains(&it.code));
    let intimate = content.fields.get_text(field::EXTENT) == Some("eip");
    let search = content.kind == Kind::StopSearch;
    let flags = projection.flags;
    let found = [
        ("safety", flags.officer_safety),
        ("under_18", flags.under_18),
        ("area", has(AREA)),
        ("intimate", intimate),
        ("no_video", flags.no_video),
        (
            "grounds",
            advice.iter().any(|it| it.field == field::GROUNDS),
        ),
        (
            "power_object",
            has(&[AdviceCode::PowerObject, AdviceCode::PowerNotAllowed]),
        ),
        ("ethnicity", search && lacks_ethnicity(content)),
        ("outcome_link", has(&[AdviceCode::LinkMissing])),
        ("force", flags.force_used),
        ("late_record", has(&[AdviceCode::LateRecord])),
        ("more_than_outer", flags.more_than_outer && !intimate),
        ("second_version", versions > 1),
    ];
    found
        .into_iter()
        .filter(|(_, is)| *is)
        .map(|(code, _)| code.to_owned())
        .collect()
}

/// The document of a record: from its snapshot, or grown from its changes if the snapshot does not
/// read, or none was made yet.
pub(super) fn load(conn: &Connection, id: RecordId, kind: Kind) -> Result<RecordDoc, CoreError> {
    if let Some(bytes) = record_rows::snapshot(conn, id)? {
        match RecordDoc::load(kind, &bytes) {
            Ok(doc) => return Ok(doc),
            Err(_) => tracing::warn!("a saved document does not read and is grown again"),
        }
    }
    let entries = entry_rows::of_record(conn, id)?;
    let standing = Standing::of(&entries);
    let doc = grow(kind, &entries, |change| standing.shown().contains(change))?;
    // A record has a change: an empty document would be somebody's words gone.
    if doc.changes().is_empty() {
        Err(CoreError::Damaged("document"))
    } else {
        Ok(doc)
    }
}

/// Grows a document from the wanted ones of these changes.
pub(super) fn grow(
    kind: Kind,
    entries: &[EntryRow],
    wanted: impl Fn(&ChangeHash) -> bool,
) -> Result<RecordDoc, CoreError> {
    let open = entries
        .iter()
        .filter(|it| it.kind == EntryKind::Change && it.is_in())
        // Destroyed with an earlier copy of the record.
        .filter(|it| !it.payload.is_empty());
    let changes = open.filter(|it| it.change.as_ref().is_some_and(&wanted));
    let parse = |entry: &EntryRow| Checked::parse(entry.payload.clone(), &Limits::default());
    let checked = changes.map(parse).collect::<Result<Vec<_>, _>>();
    let checked = checked.map_err(|_| CoreError::Damaged("changes"))?;
    Ok(RecordDoc::from_changes(kind, checked)?)
}
