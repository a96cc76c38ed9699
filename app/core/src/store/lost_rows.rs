//! What the server may have lost: what has waited for long to be offered again.

use rusqlite::Connection;
use shared::ids::{EntryId, LogId, RecordId, Seq};
use shared::time::UnixMs;

use super::StoreError;
use super::sql::{bytes, count};

/// How long something is waited for. Who was at home for a night is back by then.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience {
    now: UnixMs,
    /// What has waited since then has waited long enough.
    since: UnixMs,
}

impl Patience {
    const DAY_MS: i64 = 24 * 60 * 60 * 1000;

    /// A day, until now.
    pub(crate) fn until(now: UnixMs) -> Self {
        let since = now.plus(-Self::DAY_MS);
        Self { now, since }
    }

    /// True if what has waited since then has waited long enough. A time that is still to come is
    /// of a wrong clock, and would be waited for too long.
    pub(crate) fn is_over(self, at: UnixMs) -> bool {
        at <= self.since || at > self.now
    }
}

/// The records in which something of ours has waited long enough for what it builds on, or is out
/// because that is, and its officer has not been asked about it.
pub(crate) fn in_vain(conn: &Connection, patience: Patience) -> Result<Vec<RecordId>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT DISTINCT record FROM entry INDEXED BY entry_unsettled
         WHERE own >= 1 AND verdict NOT IN (1, 6) AND own = 1
             AND superseded = 0 AND let_go = 0 AND confirm IS NULL AND record IS NOT NULL
             AND (verdict = 4 AND reason = 'builds_on_rejected' OR verdict = 2
                 AND reason = 'missing_dependency' AND (received_at <= ?1 OR received_at > ?2))",
    )?;
    let rows = statement.query_map((patience.since.0, patience.now.0), |row| {
        bytes(row, "record")
    })?;
    Ok(rows
        .map(|row| row.map(RecordId::from_bytes))
        .collect::<Result<_, _>>()?)
}

/// Others' entries that the server has not been known to have for long enough, and that are not put
/// aside; and their records.
pub(crate) fn unknown(
    conn: &Connection,
    patience: Patience,
) -> Result<Vec<(RecordId, EntryId)>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT record, log, seq FROM entry INDEXED BY entry_unknown
         WHERE own <> 1 AND verdict = 1 AND position IS NULL
             AND own = 0 AND let_go = 0 AND record IS NOT NULL
             AND (unknown_since <= ?1 OR unknown_since > ?2)",
    )?;
    let rows = statement.query_map((patience.since.0, patience.now.0), |row| {
        let id = EntryId {
            log: LogId::from_bytes(bytes(row, "log")?),
            seq: Seq(count(row, "seq")?),
        };
        Ok((RecordId::from_bytes(bytes(row, "record")?), id))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
