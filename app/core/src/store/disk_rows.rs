//! Leases, the server a vault is bound to, what the server's backups cover, and what evictions
//! leave to do.

use rusqlite::{Connection, named_params};
use shared::ids::{BootId, LogId, MailSeq, PhotoId, RecordId, Seq};

use super::sql::{Cells, bytes, count, optional, seq, signed};
use super::{StoreError, VaultRow};

/// Boot time used since the server was last heard, as counted up to a moment of one boot.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct LeaseRow {
    pub(crate) used: u64,
    pub(crate) counted: Option<(BootId, u64)>,
}

impl LeaseRow {
    /// Reads the columns of the lease, of the vault's row.
    pub(super) fn read(cells: &mut Cells<'_, '_>) -> Result<Self, StoreError> {
        let used = cells.count()?;
        let (boot, ms) = (cells.next::<Option<_>>()?, cells.count_opt()?);
        let counted = boot.map(|boot| (BootId::from_bytes(boot), ms.unwrap_or_default()));
        Ok(Self { used, counted })
    }
}

/// Keeps how much of the lease is used.
pub(crate) fn set_lease(tx: &Connection, lease: LeaseRow) -> Result<(), StoreError> {
    tx.prepare_cached(
        "UPDATE vault SET lease_used = :used, lease_boot = :boot, lease_boot_ms = :boot_ms",
    )?
    .execute(named_params! {
        ":used": signed(lease.used),
        ":boot": lease.counted.as_ref().map(|(boot, _)| boot.as_bytes()),
        ":boot_ms": lease.counted.map(|(_, ms)| signed(ms)),
    })?;
    Ok(())
}

/// The hash over the server that the vault was made for, once there is one.
pub(crate) fn server_bond(conn: &Connection) -> Result<Option<[u8; 32]>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT server_bond FROM vault WHERE id = 1")?;
    Ok(optional::<Option<[u8; 32]>>(&mut statement, ())?.flatten())
}

/// Binds the vault to its server.
pub(crate) fn set_server_bond(tx: &Connection, bond: &[u8; 32]) -> Result<(), StoreError> {
    tx.prepare_cached("UPDATE vault SET server_bond = ?1 WHERE id = 1")?
        .execute((bond,))?;
    Ok(())
}

/// Up to where the server's backups cover the log, as far as is known.
pub(crate) fn covered(conn: &Connection, row: &VaultRow) -> Result<Option<Seq>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT max(seq) FROM receipt WHERE position <= ?1")?;
    let found = optional::<Option<i64>>(&mut statement, (signed(row.horizon.0),))?.flatten();
    Ok(found.map(|seq| Seq(seq.cast_unsigned())))
}

/// A stretch of our log that only the server can read.
pub(crate) struct Resealed {
    pub(crate) first: Seq,
    pub(crate) last: Seq,
    pub(crate) sealed: Vec<u8>,
}

/// Keeps a sealed stretch; one that is there already stays.
pub(crate) fn put_resealed(
    tx: &Connection,
    log: LogId,
    parcel: &Resealed,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT OR IGNORE INTO resealed (log, first, last, sealed)
         VALUES (:log, :first, :last, :sealed)",
    )?
    .execute(named_params! {
        ":log": log.as_bytes(),
        ":first": seq(parcel.first),
        ":last": seq(parcel.last),
        ":sealed": parcel.sealed,
    })?;
    Ok(())
}

/// The sealed stretch that holds a place.
pub(crate) fn resealed_at(
    conn: &Connection,
    log: LogId,
    place: Seq,
) -> Result<Option<Resealed>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT first, last, sealed FROM resealed WHERE log = ?1 AND first <= ?2 AND last >= ?2",
    )?;
    let mut rows = statement.query((log.as_bytes(), seq(place)))?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    Ok(Some(Resealed {
        first: Seq(count(row, "first")?),
        last: Seq(count(row, "last")?),
        sealed: row.get("sealed")?,
    }))
}

/// The sealed stretches of a log, in its order, without what is sealed.
pub(crate) fn resealed(conn: &Connection, log: LogId) -> Result<Vec<(Seq, Seq)>, StoreError> {
    let mut statement =
        conn.prepare_cached("SELECT first, last FROM resealed WHERE log = ?1 ORDER BY first")?;
    let rows = statement.query_map((log.as_bytes(),), |row| {
        Ok((Seq(count(row, "first")?), Seq(count(row, "last")?)))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A sealed stretch is no longer needed.
pub(crate) fn drop_resealed(tx: &Connection, log: LogId, first: Seq) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM resealed WHERE log = ?1 AND first = ?2")?
        .execute((log.as_bytes(), seq(first)))?;
    Ok(())
}

/// An eviction is under way: until it is done, this mail is not receipted.
pub(crate) fn begin_evicting(
    tx: &Connection,
    mail: MailSeq,
    photos: &[PhotoId],
) -> Result<(), StoreError> {
    let mut statement = tx.prepare_cached("INSERT INTO evicting (mail, photo) VALUES (?1, ?2)")?;
    statement.execute((signed(mail.0), None::<&[u8]>))?;
    for photo in photos {
        statement.execute((signed(mail.0), Some(photo.as_bytes())))?;
    }
    Ok(())
}

/// The first mail that is not receipted because of an eviction.
pub(crate) fn first_evicting(conn: &Connection) -> Result<Option<MailSeq>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT min(mail) FROM evicting")?;
    let first = optional::<Option<i64>>(&mut statement, ())?.flatten();
    Ok(first.map(|mail| MailSeq(mail.cast_unsigned())))
}

/// The photos whose files have to go.
pub(crate) fn evicting_photos(conn: &Connection) -> Result<Vec<PhotoId>, StoreError> {
    let mut statement =
        conn.prepare_cached("SELECT photo FROM evicting WHERE photo IS NOT NULL")?;
    let rows = statement.query_map((), |row| bytes(row, "photo"))?;
    Ok(rows
        .map(|row| row.map(PhotoId::from_bytes))
        .collect::<Result<_, _>>()?)
}

/// Every trace is gone.
pub(crate) fn end_evicting(tx: &Connection) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM evicting")?.execute(())?;
    Ok(())
}

/// Another lineage of the server numbers its mail anew: what is not done yet holds all of it
/// back.
pub(crate) fn renumber_evicting(tx: &Connection) -> Result<(), StoreError> {
    tx.prepare_cached("UPDATE evicting SET mail = 0")?
        .execute(())?;
    Ok(())
}

/// An own record is to be destroyed once nothing of it is unsent or held.
pub(crate) fn evict_later(tx: &Connection, record: RecordId) -> Result<(), StoreError> {
    tx.prepare_cached("INSERT OR IGNORE INTO evict_later (record) VALUES (?1)")?
        .execute((record.as_bytes(),))?;
    Ok(())
}

/// The own records that are to be destroyed then.
pub(crate) fn to_evict_later(conn: &Connection) -> Result<Vec<RecordId>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT record FROM evict_later ORDER BY record")?;
    let rows = statement.query_map((), |row| bytes(row, "record"))?;
    Ok(rows
        .map(|row| row.map(RecordId::from_bytes))
        .collect::<Result<_, _>>()?)
}

/// That has been done, or is no longer asked for.
pub(crate) fn evict_no_later(tx: &Connection, record: RecordId) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM evict_later WHERE record = ?1")?
        .execute((record.as_bytes(),))?;
    Ok(())
}
