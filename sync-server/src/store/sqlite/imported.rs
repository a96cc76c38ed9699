//! Reference documents, published searches, and counts for the operator.

use rusqlite::{Connection, Transaction, params};
use shared::ids::ReferenceSeq;

use super::sql::{all, count, integer, natural, one, run, time_or_none};
use crate::store::{PublishedRow, StoreError};
use crate::view::Figures;

pub(super) fn set_reference(
    tx: &Connection,
    name: &str,
    body: &[u8],
) -> Result<ReferenceSeq, StoreError> {
    let sql = "UPDATE state SET reference = reference + 1 WHERE id = 1 RETURNING reference AS n";
    let seq = count(tx, sql, [])?;
    run(
        tx,
        "INSERT INTO reference (name, seq, body) VALUES (?1, ?2, ?3)
         ON CONFLICT (name) DO UPDATE SET seq = excluded.seq, body = excluded.body",
        params![name, integer(seq), body],
    )?;
    Ok(ReferenceSeq(seq))
}

pub(super) fn reference(
    db: &Connection,
    name: &str,
) -> Result<Option<(ReferenceSeq, Vec<u8>)>, StoreError> {
    one(
        db,
        "SELECT seq, body FROM reference WHERE name = ?1",
        params![name],
        |row| Ok((ReferenceSeq(natural(row, "seq")?), row.get("body")?)),
    )
}

pub(super) fn add_published(
    tx: &Transaction<'_>,
    file: &[u8; 32],
    rows: &[PublishedRow],
) -> Result<u64, StoreError> {
    let mut new = 0;
    for row in rows {
        new += run(
            tx,
            "INSERT OR IGNORE INTO published (file, line, at, lat, lon, columns)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                file,
                integer(row.line),
                row.at.map(|at| at.0),
                row.lat,
                row.lon,
                row.columns
            ],
        )? as u64;
    }
    Ok(new)
}

pub(super) fn published(
    db: &Connection,
    limit: u32,
) -> Result<(u64, Vec<PublishedRow>), StoreError> {
    let total = count(db, "SELECT count(*) AS n FROM published", [])?;
    let sql = "SELECT line, at, lat, lon, columns FROM published ORDER BY at DESC LIMIT ?1";
    let rows = all(db, sql, params![limit], |row| {
        Ok(PublishedRow {
            line: natural(row, "line")?,
            at: time_or_none(row, "at")?,
            lat: row.get("lat")?,
            lon: row.get("lon")?,
            columns: row.get("columns")?,
        })
    })?;
    Ok((total, rows))
}

pub(super) fn figures(db: &Connection) -> Result<Figures, StoreError> {
    let counters = super::counters(db)?;
    let n = |sql: &str| count(db, sql, []);
    Ok(Figures {
        received: counters.receive.0,
        accepted: counters.accept.0,
        pending: n("SELECT count(*) AS n FROM entries WHERE state = 0")?,
        parked: n("SELECT count(*) AS n FROM entries WHERE state = 2")?,
        over_limits: n(
            "SELECT count(*) AS n FROM entries WHERE state = 2 AND code = 'staging_full'",
        )?,
        parked_since: n("SELECT coalesce(min(received_at), 0) AS n FROM entries WHERE state = 2")?,
        quarantined: n("SELECT count(*) AS n FROM entries WHERE state = 3")?,
        upheld: n("SELECT count(*) AS n FROM entries WHERE state = 5")?,
        superseded: n("SELECT count(*) AS n FROM entries WHERE state = 6")?,
        rejected: n("SELECT count(*) AS n FROM entries WHERE state = 4 AND code != 'erased'")?,
        sealed: n("SELECT count(*) AS n FROM entries WHERE state = 9")?,
        erased: n("SELECT count(*) AS n FROM entries WHERE state = 4 AND code = 'erased'")?,
        horizon: counters.horizon.0,
        records: n("SELECT count(*) AS n FROM records")?,
        photos: n("SELECT count(*) AS n FROM blobs")?,
        devices: n("SELECT count(*) AS n FROM devices
            WHERE revoked_at IS NULL AND form_factor != 'server'")?,
        audit: n("SELECT coalesce(max(seq), 0) AS n FROM audit")?,
    })
}
