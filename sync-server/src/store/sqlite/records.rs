//! Records, the scopes they are in, and their photos, as the other units of work share them.

use rusqlite::{Connection, Row, params};
use shared::doc::Schema;
use shared::hash::{BlobHash, ChangeHash};
use shared::ids::{AcceptPos, DeviceId, EntryId, LogId, OfficerId, PhotoId, RecordId, Seq};
use shared::log::{EntryKind, Header, decode_canonical};
use shared::projection::{Projection, Summary};
use shared::statement::ReviewVerdict;
use shared::status::{Facts, ReviewFact};
use shared::time::UnixMs;
use shared::wire::{FeedEntry, Scope};

use super::next_accept;
use super::sql::{all, fixed, hashes, integer, natural, one, run, time, time_or_none};
use crate::store::StoreError;

/// Writes that a record is in a scope from this position on.
pub(super) fn enter(
    tx: &Connection,
    scope: Scope,
    record: RecordId,
    position: AcceptPos,
) -> Result<(), StoreError> {
    run(
        tx,
        "INSERT INTO scope_records (scope, entered, record) VALUES (?1, ?2, ?3)",
        params![scope.to_string(), integer(position.0), record.as_bytes()],
    )?;
    Ok(())
}

/// The scopes a record is in.
pub(super) fn scopes(db: &Connection, record: RecordId) -> Result<Vec<Scope>, StoreError> {
    let sql = "SELECT scope FROM scope_records WHERE record = ?1 ORDER BY scope";
    all(db, sql, params![record.as_bytes()], |row| {
        let scope: String = row.get("scope")?;
        scope.parse().map_err(|_| StoreError::Damaged("scope"))
    })
}

/// The accepted statements that a row of `records` has.
pub(super) fn statements(row: &Row<'_>) -> Result<Vec<EntryId>, StoreError> {
    let damaged = || StoreError::Damaged("statements");
    let value = row.get_ref("statements")?;
    let value = value.as_blob().map_err(|_| damaged())?;
    let statements = value.chunks(24).map(|one| {
        let (log, seq) = one.split_at_checked(16)?;
        let seq = u64::from_be_bytes(seq.try_into().ok()?);
        Some(EntryId {
            log: LogId::from_slice(log).ok()?,
            seq: Seq(seq),
        })
    });
    statements.collect::<Option<_>>().ok_or_else(damaged)
}

/// Statements as the column has them.
pub(super) fn join_statements(statements: &[EntryId]) -> Vec<u8> {
    let bytes = statements.iter().flat_map(|id| {
        let seq = id.seq.0.to_be_bytes();
        id.log.as_bytes().iter().copied().chain(seq)
    });
    bytes.collect()
}

/// The accepted statements about a record, from its entries.
pub(super) fn accepted_statements(
    db: &Connection,
    record: RecordId,
) -> Result<Vec<EntryId>, StoreError> {
    let sql = "SELECT log, seq, kind FROM entries WHERE record = ?1 AND accepted IS NOT NULL
        AND kind != ?2 ORDER BY accepted";
    let params = params![record.as_bytes(), EntryKind::Change.code()];
    let found = all(db, sql, params, |row| {
        let id = EntryId {
            log: fixed(row, "log", LogId::from_slice)?,
            seq: Seq(natural(row, "seq")?),
        };
        Ok((id, EntryKind::from_code(row.get("kind")?)))
    })?;
    let statements = found.into_iter().filter(|(_, kind)| kind.is_statement());
    Ok(statements.map(|(id, _)| id).collect())
}

/// Writes where a record stood when it last changed.
pub(super) fn touch(
    tx: &Connection,
    record: RecordId,
    position: AcceptPos,
) -> Result<(), StoreError> {
    let sql = "UPDATE records SET position = ?2 WHERE id = ?1";
    run(tx, sql, params![record.as_bytes(), integer(position.0)])?;
    Ok(())
}

/// Writes which photos a record names; gives those that are new in it and here already.
pub(super) fn name_photos(
    tx: &Connection,
    record: RecordId,
    photos: &[(PhotoId, BlobHash)],
) -> Result<Vec<BlobHash>, StoreError> {
    let mut arrived = Vec::new();
    for (photo, blob) in photos {
        let new = run(
            tx,
            "INSERT OR IGNORE INTO record_photos (record, photo, blob) VALUES (?1, ?2, ?3)",
            params![record.as_bytes(), photo.as_bytes(), blob.as_bytes()],
        )?;
        if new == 1 && is_here(tx, record, *blob)? {
            arrived.push(*blob);
        }
    }
    Ok(arrived)
}

/// True if the photo is here for the record.
fn is_here(db: &Connection, record: RecordId, blob: BlobHash) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM photos_here WHERE record = ?1 AND blob = ?2";
    let params = params![record.as_bytes(), blob.as_bytes()];
    Ok(one(db, sql, params, |_| Ok(()))?.is_some())
}

/// Tells everyone who sees the record that the photo is stored, at a place of its own in the
/// order of acceptance.
pub(super) fn photo_here(
    tx: &Connection,
    record: RecordId,
    blob: BlobHash,
) -> Result<(), StoreError> {
    let position = next_accept(tx)?;
    run(
        tx,
        "INSERT INTO feed (scope, position, record, event, blob)
         SELECT scope, ?2, record, 3, ?3 FROM scope_records WHERE record = ?1",
        params![record.as_bytes(), integer(position.0), blob.as_bytes()],
    )?;
    touch(tx, record, position)
}

/// The photos of a record that are here for it, sorted.
pub(super) fn photos_here(db: &Connection, record: RecordId) -> Result<Vec<BlobHash>, StoreError> {
    let sql = "SELECT DISTINCT blob FROM photos_here WHERE record = ?1 ORDER BY blob";
    all(db, sql, params![record.as_bytes()], |row| {
        fixed(row, "blob", BlobHash::from_slice)
    })
}

/// The columns that an entry of the feed is made of.
pub(super) const ENTRY: &str = "SELECT e.header, e.payload, e.received_at, l.device,
        (SELECT schema FROM records WHERE id = e.record) AS record_schema
    FROM entries e JOIN logs l ON l.id = e.log";

/// An accepted entry as others are given it.
pub(super) fn feed_entry(db: &Connection, row: &Row<'_>) -> Result<FeedEntry, StoreError> {
    let header: Vec<u8> = row.get("header")?;
    let header = Header::from_bytes(&header).map_err(|_| StoreError::Damaged("header"))?;
    let above = |it: &u32| !Schema::FIRST.reads(*it);
    let schema = Some(header.schema).filter(above);
    // Who does not know the schema lists the record by this, after every change of it.
    let of_record: Option<u32> = row.get("record_schema")?;
    let listed = header.kind == EntryKind::Change && of_record.as_ref().is_some_and(above);
    let projection = match header.subject.filter(|_| listed || schema.is_some()) {
        Some(record) => projection(db, record)?,
        None => None,
    };
    Ok(FeedEntry {
        id: header.id(),
        kind: header.kind,
        officer: header.officer,
        device: fixed(row, "device", DeviceId::from_slice)?,
        at: header.estimated_time(),
        seen: header.seen,
        received: time(row, "received_at")?,
        payload: row.get("payload")?,
        schema,
        projection,
    })
}

fn projection(db: &Connection, record: RecordId) -> Result<Option<String>, StoreError> {
    let sql = "SELECT projection FROM records WHERE id = ?1";
    one(db, sql, params![record.as_bytes()], |row| {
        Ok(row.get("projection")?)
    })
}

/// What a device needs to list a record that it has not opened, as JSON; none of one with photos,
/// which is opened as it comes.
pub(super) fn summary(db: &Connection, record: RecordId) -> Result<Option<String>, StoreError> {
    let Some(projection) = projection(db, record)? else {
        return Ok(None);
    };
    let damaged = |_| StoreError::Damaged("projection");
    let projection: Projection = serde_json::from_str(&projection).map_err(damaged)?;
    if !projection.photos.is_empty() {
        return Ok(None);
    }
    let summary = serde_json::to_string(&Summary::from(projection)).map_err(damaged)?;
    Ok(Some(summary))
}

/// The accepted history of a record in order, up to a position, as this log is given it. Its
/// author's vault is not given what it wrote itself. Another may have destroyed that with its copy,
/// and does not hear of it in the feed: of what it wrote it is given all that is accepted by now.
pub(super) fn history(
    db: &Connection,
    record: RecordId,
    log: LogId,
    until: u64,
    now: AcceptPos,
) -> Result<Vec<FeedEntry>, StoreError> {
    let sql = format!(
        "{ENTRY} WHERE e.record = ?1 AND e.accepted <= ?6 AND e.kind NOT IN (?3, ?4)
            AND (e.log != ?2 AND e.accepted <= ?5 OR e.log = ?2 AND (SELECT author FROM records WHERE id = ?1)
                != (SELECT officer FROM logs WHERE id = ?2)) ORDER BY e.accepted"
    );
    let params = params![
        record.as_bytes(),
        log.as_bytes(),
        EntryKind::Consultation.code(),
        EntryKind::DraftDiscarded.code(),
        integer(until),
        integer(now.0)
    ];
    let mut history = all(db, &sql, params, |row| feed_entry(db, row))?;
    if shared::mutant!(EntersLatestOnly) {
        history = history.pop().into_iter().collect();
    }
    Ok(history)
}

/// The accepted changes of a record, in order.
pub(super) fn changes(db: &Connection, record: RecordId) -> Result<Vec<Vec<u8>>, StoreError> {
    let sql = "SELECT payload FROM entries WHERE record = ?1 AND kind = ?2
        AND accepted IS NOT NULL ORDER BY accepted";
    let params = params![record.as_bytes(), EntryKind::Change.code()];
    all(db, sql, params, |row| Ok(row.get("payload")?))
}

/// The number a verdict has in its column.
pub(super) const fn verdict_number(verdict: ReviewVerdict) -> i64 {
    match verdict {
        ReviewVerdict::Approve => 0,
        ReviewVerdict::Return => 1,
        ReviewVerdict::Escalate => 2,
    }
}

fn verdict(row: &Row<'_>) -> Result<ReviewVerdict, StoreError> {
    match row.get("verdict")? {
        0 => Ok(ReviewVerdict::Approve),
        1 => Ok(ReviewVerdict::Return),
        2 => Ok(ReviewVerdict::Escalate),
        _ => Err(StoreError::Damaged("verdict")),
    }
}

/// What the status of a record follows from; `row` is of `records`.
pub(super) fn facts(db: &Connection, record: RecordId, row: &Row<'_>) -> Result<Facts, StoreError> {
    let sql = "SELECT log, seq, officer, verdict, heads, seen, at FROM reviews WHERE record = ?1";
    let reviews = all(db, sql, params![record.as_bytes()], |row| {
        let seen: Vec<u8> = row.get("seen")?;
        Ok(ReviewFact {
            id: EntryId {
                log: fixed(row, "log", LogId::from_slice)?,
                seq: Seq(natural(row, "seq")?),
            },
            officer: fixed(row, "officer", OfficerId::from_slice)?,
            verdict: verdict(row)?,
            heads: hashes(row, "heads")?,
            seen: decode_canonical(&seen).map_err(|_| StoreError::Damaged("seen"))?,
            at: time(row, "at")?,
        })
    })?;
    let heads: Vec<ChangeHash> = hashes(row, "heads")?;
    let submitted: Option<UnixMs> = time_or_none(row, "submitted_at")?;
    Ok(Facts {
        heads,
        submitted,
        withdrawn: time_or_none(row, "withdrawn_at")?,
        reviews,
    })
}
