//! What the control room reads: the latest state of each record, by position.

use rusqlite::{Connection, Row, Transaction, params};
use shared::hash::ChangeHash;
use shared::ids::{AcceptPos, OfficerId, RecordId, TeamId};
use shared::log::Header;
use shared::time::UnixMs;

use super::sql::{all, fixed, fixed_or_none, integer, natural, one, time};
use super::{audit, records};
use crate::store::{
    AuditEvent, ConsoleList, ConsoleRow, Detail, DetailEntry, ListQuery, StoreError,
};

const ROW: &str = "SELECT id, position, kind, author, team, received_at, changes, projection,
    log_number, heads, submitted_at, withdrawn_at, withdrawn_by FROM records
    WHERE submitted_at IS NOT NULL";

fn console_row(db: &Connection, row: &Row<'_>) -> Result<ConsoleRow, StoreError> {
    let id = fixed(row, "id", RecordId::from_slice)?;
    let kind: String = row.get("kind")?;
    Ok(ConsoleRow {
        id,
        position: AcceptPos(natural(row, "position")?),
        kind: kind.parse().map_err(|_| StoreError::Damaged("kind"))?,
        author: fixed(row, "author", OfficerId::from_slice)?,
        team: fixed_or_none(row, "team", TeamId::from_slice)?,
        received: time(row, "received_at")?,
        changes: row.get("changes")?,
        projection: row.get("projection")?,
        log_number: row.get("log_number")?,
        photos_here: records::photos_here(db, id)?,
        facts: records::facts(db, id, row)?,
        withdrawn_by: fixed_or_none(row, "withdrawn_by", OfficerId::from_slice)?,
    })
}

pub(super) fn list(db: &Connection, query: &ListQuery) -> Result<ConsoleList, StoreError> {
    let counters = super::counters(db)?;
    let read = |row: &Row<'_>| console_row(db, row);
    let (rows, more) = match *query {
        ListQuery::After(after, limit) => {
            let sql = format!("{ROW} AND position > ?1 ORDER BY position LIMIT ?2");
            // One more than wanted tells whether there is more.
            let params = params![integer(after.0), i64::from(limit) + 1];
            let mut rows = all(db, &sql, params, read)?;
            let more = rows.len() > limit as usize;
            rows.truncate(limit as usize);
            (rows, more)
        }
        ListQuery::Since(since, limit) => {
            let sql = format!("{ROW} AND received_at >= ?1 ORDER BY received_at DESC LIMIT ?2");
            let mut rows = all(db, &sql, params![since.0, limit], read)?;
            rows.sort_by_key(|row| row.position);
            (rows, false)
        }
        ListQuery::One(record) => {
            let sql = format!("{ROW} AND id = ?1");
            (all(db, &sql, params![record.as_bytes()], read)?, false)
        }
    };
    Ok(ConsoleList {
        counters,
        rows,
        more,
    })
}

pub(super) fn detail(
    tx: &Transaction<'_>,
    record: RecordId,
    reader: OfficerId,
    now: UnixMs,
) -> Result<Option<Detail>, StoreError> {
    let Some(row) = list(tx, &ListQuery::One(record))?.rows.pop() else {
        return Ok(None);
    };
    let sql = "SELECT snapshot FROM records WHERE id = ?1";
    let snapshot = one(tx, sql, params![record.as_bytes()], |row| {
        Ok(row.get("snapshot")?)
    })?;
    let sql = "SELECT header, payload, received_at, change FROM entries
        WHERE record = ?1 AND accepted IS NOT NULL ORDER BY accepted";
    let entries = all(tx, sql, params![record.as_bytes()], |row| {
        let header: Vec<u8> = row.get("header")?;
        let header = Header::from_bytes(&header).map_err(|_| StoreError::Damaged("header"))?;
        Ok(DetailEntry {
            kind: header.kind,
            officer: header.officer,
            at: header.estimated_time(),
            received: time(row, "received_at")?,
            change: fixed_or_none(row, "change", ChangeHash::from_slice)?,
            payload: row.get("payload")?,
        })
    })?;
    let event = AuditEvent {
        kind: "consulted",
        officer: Some(reader),
        record: Some(record),
        detail: format!("position={}", row.position),
        ..Default::default()
    };
    audit::append(tx, &event, now)?;
    Ok(Some(Detail {
        row,
        snapshot: snapshot.ok_or(StoreError::Damaged("snapshot"))?,
        entries,
    }))
}
