//! The audit: append-only, each row hashed with the one before it.

use rusqlite::{Connection, Row, params};
use shared::hash::sha256;
use shared::ids::{DeviceId, OfficerId, RecordId};
use shared::time::UnixMs;

use super::sql::{all, fixed_or_none, integer, natural, one, run, time};
use crate::store::{AuditEvent, AuditRow, StoreError};

/// What a row's hash covers, besides the hash before it.
struct Hashed<'a> {
    seq: u64,
    at: i64,
    kind: &'a str,
    officer: Option<&'a [u8]>,
    device: Option<&'a [u8]>,
    record: Option<&'a [u8]>,
    detail: &'a str,
}

impl Hashed<'_> {
    /// Every part with its length before it, so that no two rows have the same bytes.
    fn hash(&self, previous: &[u8]) -> [u8; 32] {
        let mut bytes = Vec::new();
        let mut part = |value: Option<&[u8]>| {
            let len = value.map_or(u64::MAX, |value| value.len() as u64);
            bytes.extend_from_slice(&len.to_be_bytes());
            bytes.extend_from_slice(value.unwrap_or_default());
        };
        part(Some(&self.seq.to_be_bytes()));
        part(Some(&self.at.to_be_bytes()));
        part(Some(self.kind.as_bytes()));
        part(self.officer);
        part(self.device);
        part(self.record);
        part(Some(self.detail.as_bytes()));
        sha256(&[b"beatbook/audit/1", previous, &bytes])
    }
}

/// Appends an event, inside the unit of work it is about.
pub(super) fn append(db: &Connection, event: &AuditEvent, now: UnixMs) -> Result<(), StoreError> {
    let last = one(
        db,
        "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1",
        [],
        |row| Ok((natural(row, "seq")?, row.get::<_, Vec<u8>>("hash")?)),
    )?;
    let (last, previous) = last.unwrap_or((0, vec![0; 32]));
    let officer = event.officer.as_ref().map(|id| id.as_bytes().as_slice());
    let device = event.device.as_ref().map(|id| id.as_bytes().as_slice());
    let record = event.record.as_ref().map(|id| id.as_bytes().as_slice());
    let seq = last + 1;
    let (at, kind, detail) = (now.0, event.kind, event.detail.as_str());
    let hash = Hashed {
        seq,
        at,
        kind,
        officer,
        device,
        record,
        detail,
    }
    .hash(&previous);
    run(
        db,
        "INSERT INTO audit (seq, at, kind, officer, device, record, detail, hash)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            integer(seq),
            at,
            kind,
            officer,
            device,
            record,
            detail,
            hash
        ],
    )?;
    Ok(())
}

/// The rows after one, in order.
pub(super) fn after(db: &Connection, after: u64, limit: u32) -> Result<Vec<AuditRow>, StoreError> {
    let sql = "SELECT seq, at, kind, officer, device, record, detail, hash FROM audit
        WHERE seq > ?1 ORDER BY seq LIMIT ?2";
    all(db, sql, params![integer(after), limit], |row| {
        let hash: Vec<u8> = row.get("hash")?;
        Ok(AuditRow {
            seq: natural(row, "seq")?,
            at: time(row, "at")?,
            kind: row.get("kind")?,
            officer: fixed_or_none(row, "officer", OfficerId::from_slice)?,
            device: fixed_or_none(row, "device", DeviceId::from_slice)?,
            record: fixed_or_none(row, "record", RecordId::from_slice)?,
            detail: row.get("detail")?,
            hash: hex::encode(hash),
        })
    })
}

/// What it says of a record: the kind of each event, and its detail.
pub(super) fn of(
    db: &Connection,
    record: shared::ids::RecordId,
) -> Result<Vec<(String, String)>, StoreError> {
    let sql = "SELECT kind, detail FROM audit WHERE record = ?1 ORDER BY seq";
    all(db, sql, params![record.as_bytes()], |row| {
        Ok((row.get("kind")?, row.get("detail")?))
    })
}

/// Verifies the chain from its beginning.
pub(super) fn verify(db: &Connection) -> Result<(u64, Option<u64>), StoreError> {
    let (mut rows, mut previous, mut broken) = (0, vec![0; 32], None);
    let sql = "SELECT seq, at, kind, officer, device, record, detail, hash FROM audit ORDER BY seq";
    all(db, sql, [], |row| {
        rows += 1;
        let holds = holds(row, rows, &previous)?;
        if !holds && broken.is_none() {
            broken = Some(rows);
        }
        previous = row.get("hash")?;
        Ok(())
    })?;
    Ok((rows, broken))
}

fn holds(row: &Row<'_>, expected: u64, previous: &[u8]) -> Result<bool, StoreError> {
    let seq = natural(row, "seq")?;
    let text = |column: &'static str| row.get::<_, String>(column);
    let bytes = |column: &'static str| row.get::<_, Option<Vec<u8>>>(column);
    let (kind, detail) = (text("kind")?, text("detail")?);
    let (officer, device, record) = (bytes("officer")?, bytes("device")?, bytes("record")?);
    let hashed = Hashed {
        seq,
        at: row.get("at")?,
        kind: &kind,
        officer: officer.as_deref(),
        device: device.as_deref(),
        record: record.as_deref(),
        detail: &detail,
    };
    let hash: Vec<u8> = row.get("hash")?;
    Ok(seq == expected && hashed.hash(previous).as_slice() == hash)
}
