//! Logs as they were received, to be verified and handed out.

use rusqlite::{Connection, params};
use shared::hash::HeaderHash;
use shared::ids::{LogId, Seq};
use shared::log::Entry;
use shared::wire::VerdictCode;

use super::receive::state;
use super::sql::{all, fixed, integer, natural};
use crate::store::{Body, LogEntry, LogRow, StoreError};

pub(super) fn list(db: &Connection) -> Result<Vec<LogRow>, StoreError> {
    let sql = "SELECT id, descriptor, key, start FROM logs ORDER BY opened_at, id";
    all(db, sql, [], |row| {
        Ok(LogRow {
            id: fixed(row, "id", LogId::from_slice)?,
            descriptor: row.get("descriptor")?,
            key: row.get("key")?,
            start: fixed(row, "start", HeaderHash::from_slice)?,
        })
    })
}

pub(super) fn entries(
    db: &Connection,
    log: LogId,
    from: Seq,
    limit: u32,
) -> Result<Vec<LogEntry>, StoreError> {
    let sql = "SELECT e.hash, e.header, e.salt, e.payload, e.state, e.code,
            EXISTS (SELECT 1 FROM sealed s WHERE s.position = e.position) AS is_sealed
        FROM entries e WHERE e.log = ?1 AND e.seq >= ?2 ORDER BY e.seq LIMIT ?3";
    all(
        db,
        sql,
        params![log.as_bytes(), integer(from.0), limit],
        |row| {
            let code: Option<String> = row.get("code")?;
            let code = code.as_deref().and_then(VerdictCode::parse);
            let rejected = row.get::<_, i64>("state")? == state::REJECTED;
            let body = match code {
                _ if row.get("is_sealed")? => Body::Sealed,
                Some(VerdictCode::Erased) if rejected => Body::Erased,
                Some(VerdictCode::PayloadMismatch) if rejected => Body::Mismatch,
                _ => Body::Here,
            };
            let salt: Vec<u8> = row.get("salt")?;
            let salt = match (<[u8; 16]>::try_from(salt.as_slice()), body) {
                (Ok(salt), _) => salt,
                (Err(_), Body::Erased | Body::Sealed) => [0; 16],
                (Err(_), _) => return Err(StoreError::Damaged("salt")),
            };
            Ok(LogEntry {
                hash: fixed(row, "hash", HeaderHash::from_slice)?,
                entry: Entry {
                    header: row.get("header")?,
                    salt,
                    payload: row.get("payload")?,
                },
                body,
            })
        },
    )
}

pub(super) fn commits(db: &Connection, log: LogId) -> Result<Vec<(Seq, Vec<u8>)>, StoreError> {
    let sql = "SELECT seq, signature FROM commits WHERE log = ?1 ORDER BY seq";
    all(db, sql, params![log.as_bytes()], |row| {
        Ok((Seq(natural(row, "seq")?), row.get("signature")?))
    })
}
