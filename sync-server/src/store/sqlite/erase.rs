//! Erasing what a record says, so that the chain of every log still verifies.

use rusqlite::{Connection, Transaction, params};
use shared::hash::BlobHash;
use shared::ids::{DeviceId, LogId, RecordId, Seq};
use shared::log::Header;
use shared::time::UnixMs;
use shared::wire::{Mail, Verdict, VerdictCode};

use super::sql::{all, count, fixed, integer, natural, run};
use super::{audit, scopes, sessions, tasks};
use crate::store::{AuditEvent, NewErasure, StoreError, Wiped};

/// True if the record was erased.
pub(super) fn is_erased(db: &Connection, record: RecordId) -> Result<bool, StoreError> {
    let sql = "SELECT count(*) AS n FROM erased WHERE record = ?1";
    Ok(count(db, sql, params![record.as_bytes()])? > 0)
}

/// All records that were erased.
pub(super) fn erased(db: &Connection) -> Result<Vec<RecordId>, StoreError> {
    all(db, "SELECT record FROM erased ORDER BY number", [], |row| {
        fixed(row, "record", RecordId::from_slice)
    })
}

/// True if anything of it was received.
pub(super) fn knows(db: &Connection, record: RecordId) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM entries WHERE record = ?1) AS n";
    Ok(count(db, sql, params![record.as_bytes()])? > 0)
}

/// The lines of the ledger that were carried out.
pub(super) fn lines(db: &Connection) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT line FROM erased ORDER BY number";
    all(db, sql, [], |row| Ok(row.get("line")?))
}

pub(super) fn erase(
    tx: &Transaction<'_>,
    erasure: &NewErasure,
    now: UnixMs,
) -> Result<Option<Wiped>, StoreError> {
    let record = erasure.record;
    if is_erased(tx, record)? {
        return Ok(None);
    }
    run(
        tx,
        "INSERT INTO erased (number, record, line) VALUES (?1, ?2, ?3)",
        params![integer(erasure.number), record.as_bytes(), erasure.line],
    )?;
    let vaults = holders(tx, record)?;
    let unsettled = unsettled(tx, record)?;
    let uploads = uploads(tx, record)?;
    tasks::forget_record(tx, record)?;
    // It has left the digests before any vault is told to let it go.
    scopes::forget(tx, record)?;
    let entries = wipe_entries(tx, record, now)?;
    wipe_evidence(tx, record)?;
    doom_photos(tx, record)?;
    wipe_record(tx, record)?;
    // What was still on its way to somebody may hold a projection.
    run(
        tx,
        "DELETE FROM mail WHERE instr(body, ?1) > 0",
        params![record.as_bytes()],
    )?;
    let verdict = Verdict::Rejected(VerdictCode::Erased);
    for (log, seq) in unsettled {
        sessions::post(tx, log, &Mail::Verdict(seq, verdict, now))?;
    }
    for &log in &vaults {
        sessions::post(tx, log, &Mail::Evict(record))?;
    }
    let event = AuditEvent {
        kind: "record_erased",
        record: Some(record),
        detail: format!(
            "ledger={} entries={entries} vaults={}",
            erasure.number,
            vaults.len()
        ),
        ..Default::default()
    };
    audit::append(tx, &event, now)?;
    Ok(Some(Wiped {
        entries,
        vaults,
        uploads,
    }))
}

/// The vaults that have, or may have, a copy: those with a scope that it is or was in, and
/// those that wrote in it. In which scopes it was in a lineage that was lost nobody knows any more.
fn holders(tx: &Transaction<'_>, record: RecordId) -> Result<Vec<LogId>, StoreError> {
    let sql = "SELECT id AS log FROM logs WHERE held_here = 0 AND id IN (
            SELECT g.log FROM grants g JOIN scope_records s ON s.scope = g.scope
                WHERE s.record = ?1
            UNION SELECT g.log FROM grants g JOIN feed f ON f.scope = g.scope
                WHERE f.record = ?1
            UNION SELECT log FROM entries WHERE record = ?1
            UNION SELECT id FROM logs WHERE EXISTS (SELECT 1 FROM lineage))
        ORDER BY id";
    all(tx, sql, params![record.as_bytes()], |row| {
        fixed(row, "log", LogId::from_slice)
    })
}

/// Entries of it whose authors wait for a verdict.
fn unsettled(tx: &Transaction<'_>, record: RecordId) -> Result<Vec<(LogId, Seq)>, StoreError> {
    let sql = "SELECT log, seq FROM entries WHERE record = ?1 AND state IN (0, 2, 3, 9)
        ORDER BY position";
    all(tx, sql, params![record.as_bytes()], |row| {
        let log = fixed(row, "log", LogId::from_slice)?;
        Ok((log, Seq(natural(row, "seq")?)))
    })
}

fn uploads(
    tx: &Transaction<'_>,
    record: RecordId,
) -> Result<Vec<(DeviceId, BlobHash)>, StoreError> {
    let sql = "DELETE FROM uploads WHERE record = ?1 RETURNING device, blob";
    all(tx, sql, params![record.as_bytes()], |row| {
        let device = fixed(row, "device", DeviceId::from_slice)?;
        Ok((device, fixed(row, "blob", BlobHash::from_slice)?))
    })
}

/// Headers stay, for the chain and its signatures hold over them.
fn wipe_entries(tx: &Transaction<'_>, record: RecordId, now: UnixMs) -> Result<u64, StoreError> {
    run(
        tx,
        "DELETE FROM sealed WHERE position IN
            (SELECT position FROM entries WHERE record = ?1 AND state = 9)",
        params![record.as_bytes()],
    )?;
    let wiped = run(
        tx,
        "UPDATE entries SET salt = x'', payload = x'', change = NULL, actor = NULL, state = 4,
            code = ?2, waits_on = NULL, accepted = NULL, judged_at = ?3 WHERE record = ?1",
        params![record.as_bytes(), VerdictCode::Erased.as_str(), now.0],
    )?;
    Ok(wiped as u64)
}

fn wipe_evidence(tx: &Transaction<'_>, record: RecordId) -> Result<(), StoreError> {
    let sql = "SELECT log, seq, hash, header FROM fork_entries WHERE instr(header, ?1) > 0";
    let found = all(tx, sql, params![record.as_bytes()], |row| {
        let header: Vec<u8> = row.get("header")?;
        let header = Header::from_bytes(&header).map_err(|_| StoreError::Damaged("header"))?;
        Ok((header, row.get::<_, Vec<u8>>("hash")?))
    })?;
    for (header, hash) in found {
        if header.subject == Some(record) {
            let sql = "UPDATE fork_entries SET salt = x'', payload = x''
                WHERE log = ?1 AND seq = ?2 AND hash = ?3";
            let seq = integer(header.seq.0);
            run(tx, sql, params![header.log.as_bytes(), seq, hash])?;
        }
    }
    Ok(())
}

/// A photo that another record names too stays.
fn doom_photos(tx: &Transaction<'_>, record: RecordId) -> Result<(), StoreError> {
    let alone = "SELECT p.blob FROM record_photos p WHERE p.record = ?1 AND NOT EXISTS
        (SELECT 1 FROM record_photos o WHERE o.blob = p.blob AND o.record != ?1)";
    let id = params![record.as_bytes()];
    run(
        tx,
        &format!("INSERT OR IGNORE INTO doomed (blob) {alone}"),
        id,
    )?;
    run(
        tx,
        &format!("DELETE FROM brought WHERE blob IN ({alone})"),
        id,
    )?;
    run(
        tx,
        &format!("DELETE FROM blobs WHERE hash IN ({alone})"),
        id,
    )?;
    Ok(())
}

fn wipe_record(tx: &Transaction<'_>, record: RecordId) -> Result<(), StoreError> {
    for table in [
        "actors",
        "contributors",
        "reviews",
        "record_photos",
        "scope_records",
        "feed",
    ] {
        let sql = format!("DELETE FROM {table} WHERE record = ?1");
        run(tx, &sql, params![record.as_bytes()])?;
    }
    let sql = "DELETE FROM records WHERE id = ?1";
    run(tx, sql, params![record.as_bytes()])?;
    Ok(())
}

/// Photos whose bytes have still to be destroyed.
pub(super) fn doomed(db: &Connection) -> Result<Vec<BlobHash>, StoreError> {
    // One that came again since, for another record, is wanted.
    let sql = "SELECT blob FROM doomed WHERE blob NOT IN (SELECT hash FROM blobs)";
    all(db, sql, [], |row| fixed(row, "blob", BlobHash::from_slice))
}

pub(super) fn destroyed(tx: &Transaction<'_>, blob: BlobHash) -> Result<(), StoreError> {
    let sql = "DELETE FROM doomed WHERE blob = ?1";
    run(tx, sql, params![blob.as_bytes()])?;
    Ok(())
}
