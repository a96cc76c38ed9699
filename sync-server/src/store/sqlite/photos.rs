//! Uploads and stored photos, as rows. The bytes are elsewhere.

use rusqlite::{Connection, Transaction, params};
use shared::hash::BlobHash;
use shared::ids::{DeviceId, RecordId};
use shared::time::UnixMs;
use shared::wire::Scope;

use super::sql::{all, count, fixed, integer, natural, one, run};
use super::{audit, records};
use crate::store::{AuditEvent, Claim, PhotoAccess, Reader, StoreError, Upload};

pub(super) fn claim(
    db: &Connection,
    device: DeviceId,
    record: RecordId,
    blob: BlobHash,
) -> Result<Claim, StoreError> {
    // Named by an accepted change, or announced for a record that one of this device's
    // officers wrote, or that an entry from this device speaks of.
    let named = "SELECT count(*) AS n FROM record_photos WHERE record = ?1 AND blob = ?2";
    let own = "SELECT count(*) AS n FROM records r JOIN logs l ON l.officer = r.author
        WHERE r.id = ?1 AND l.device = ?2";
    let sent = "SELECT count(*) AS n FROM entries e JOIN logs l ON l.id = e.log
        WHERE e.record = ?1 AND l.device = ?2 AND e.state IN (0, 2, 3, 9)";
    let allowed = count(db, named, params![record.as_bytes(), blob.as_bytes()])? > 0
        || count(db, own, params![record.as_bytes(), device.as_bytes()])? > 0
        || count(db, sent, params![record.as_bytes(), device.as_bytes()])? > 0;
    let open = "SELECT count(*) AS n FROM uploads WHERE device = ?1 AND blob != ?2";
    let open = count(db, open, params![device.as_bytes(), blob.as_bytes()])?;
    let open = u32::try_from(open).unwrap_or(u32::MAX);
    Ok(Claim {
        allowed,
        brought: has_brought(db, device, blob)?,
        open,
    })
}

pub(super) fn open(tx: &Transaction<'_>, upload: &Upload, now: UnixMs) -> Result<(), StoreError> {
    run(
        tx,
        "INSERT INTO uploads (device, blob, record, bytes, started_at) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (device, blob) DO NOTHING",
        params![
            upload.device.as_bytes(),
            upload.blob.as_bytes(),
            upload.record.as_bytes(),
            integer(upload.bytes),
            now.0
        ],
    )?;
    Ok(())
}

pub(super) fn find(
    db: &Connection,
    device: DeviceId,
    blob: BlobHash,
) -> Result<Option<Upload>, StoreError> {
    let sql = "SELECT record, bytes FROM uploads WHERE device = ?1 AND blob = ?2";
    one(
        db,
        sql,
        params![device.as_bytes(), blob.as_bytes()],
        |row| {
            let record = fixed(row, "record", RecordId::from_slice)?;
            Ok(Upload {
                device,
                blob,
                record,
                bytes: natural(row, "bytes")?,
            })
        },
    )
}

pub(super) fn close(
    tx: &Transaction<'_>,
    device: DeviceId,
    blob: BlobHash,
) -> Result<(), StoreError> {
    let sql = "DELETE FROM uploads WHERE device = ?1 AND blob = ?2";
    run(tx, sql, params![device.as_bytes(), blob.as_bytes()])?;
    Ok(())
}

pub(super) fn opened_before(
    db: &Connection,
    device: DeviceId,
    at: UnixMs,
) -> Result<Vec<BlobHash>, StoreError> {
    let sql = "SELECT blob FROM uploads WHERE device = ?1 AND started_at < ?2";
    all(db, sql, params![device.as_bytes(), at.0], |row| {
        fixed(row, "blob", BlobHash::from_slice)
    })
}

pub(super) fn has_brought(
    db: &Connection,
    device: DeviceId,
    blob: BlobHash,
) -> Result<bool, StoreError> {
    let sql = "SELECT count(*) AS n FROM brought WHERE blob = ?1 AND device = ?2";
    Ok(count(db, sql, params![blob.as_bytes(), device.as_bytes()])? > 0)
}

pub(super) fn stored(
    tx: &Transaction<'_>,
    device: DeviceId,
    blob: BlobHash,
    bytes: u64,
    now: UnixMs,
) -> Result<Vec<Scope>, StoreError> {
    close(tx, device, blob)?;
    run(
        tx,
        "INSERT OR IGNORE INTO blobs (hash, bytes, stored_at) VALUES (?1, ?2, ?3)",
        params![blob.as_bytes(), integer(bytes), now.0],
    )?;
    // For whom it was here before: nothing is new for them.
    let here = "SELECT DISTINCT record FROM photos_here WHERE blob = ?1 ORDER BY record";
    let records = |tx: &Transaction<'_>| {
        all(tx, here, params![blob.as_bytes()], |row| {
            fixed(row, "record", RecordId::from_slice)
        })
    };
    let before = records(tx)?;
    let new = run(
        tx,
        "INSERT OR IGNORE INTO brought (blob, device) VALUES (?1, ?2)",
        params![blob.as_bytes(), device.as_bytes()],
    )?;
    let mut scopes = Vec::new();
    if new == 0 {
        return Ok(scopes);
    }
    let event = AuditEvent {
        kind: "photo_stored",
        device: Some(device),
        detail: format!("blob={blob} bytes={bytes}"),
        ..Default::default()
    };
    audit::append(tx, &event, now)?;
    for record in records(tx)? {
        if before.binary_search(&record).is_ok() {
            continue;
        }
        records::photo_here(tx, record, blob)?;
        scopes.extend(records::scopes(tx, record)?);
    }
    Ok(scopes)
}

pub(super) fn access(
    db: &Connection,
    reader: Reader,
    blob: BlobHash,
) -> Result<PhotoAccess, StoreError> {
    let readable = |photos: &str| match reader {
        Reader::Vault(log) => count(
            db,
            &format!(
                "SELECT count(*) AS n FROM {photos} p
                    JOIN scope_records s ON s.record = p.record
                    JOIN grants g ON g.scope = s.scope AND g.log = ?2
                 WHERE p.blob = ?1"
            ),
            params![blob.as_bytes(), log.as_bytes()],
        ),
        Reader::Console(record) => count(
            db,
            &format!(
                "SELECT count(*) AS n FROM {photos} p JOIN records r ON r.id = p.record
                 WHERE p.blob = ?1 AND p.record = ?2 AND r.submitted_at IS NOT NULL"
            ),
            params![blob.as_bytes(), record.as_bytes()],
        ),
    };
    Ok(if readable("photos_here")? > 0 {
        PhotoAccess::Here
    } else if readable("record_photos")? > 0 {
        PhotoAccess::NotHere
    } else {
        PhotoAccess::No
    })
}
