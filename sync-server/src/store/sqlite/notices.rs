//! The control room's notices: an item of the reference stream with those that are not over.

use rusqlite::{Connection, params};
use shared::ids::{EntryId, LogId, OfficerId, Seq};
use shared::time::UnixMs;

use super::imported;
use super::sql::{all, fixed, natural, run, time};
use crate::store::{Case, NoticeRow, StoreError};

/// The name of the item.
pub(super) const ITEM: &str = "notices";

pub(super) fn add(
    db: &Connection,
    case: &Case,
    text: &str,
    until: UnixMs,
    now: UnixMs,
) -> Result<(), StoreError> {
    run(
        db,
        "INSERT INTO notices (log, seq, officer, text, at, until) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            case.id.log.as_bytes(),
            case.seq(),
            case.header.officer.as_bytes(),
            text,
            case.received_at.0,
            until.0
        ],
    )?;
    let standing = standing(db, now)?;
    let body = serde_json::to_vec(&standing).map_err(|_| StoreError::Damaged("notices"))?;
    imported::set_reference(db, ITEM, &body)?;
    Ok(())
}

/// Those that are not over, the newest first.
pub(super) fn standing(db: &Connection, now: UnixMs) -> Result<Vec<NoticeRow>, StoreError> {
    let sql = "SELECT log, seq, officer, text, at, until FROM notices WHERE until > ?1
        ORDER BY at DESC, log, seq LIMIT 100";
    all(db, sql, params![now.0], |row| {
        let id = EntryId {
            log: fixed(row, "log", LogId::from_slice)?,
            seq: Seq(natural(row, "seq")?),
        };
        Ok(NoticeRow {
            id: id.to_string(),
            officer: fixed(row, "officer", OfficerId::from_slice)?,
            text: row.get("text")?,
            at: time(row, "at")?,
            until: time(row, "until")?,
        })
    })
}
