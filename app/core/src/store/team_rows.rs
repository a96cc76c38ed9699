//! Lists of others' records: what colleagues share, and what a team has searched.

use rusqlite::Connection;
use shared::time::UnixMs;
use shared::wire::Scope;

use super::record_rows::list;
use super::{ListRow, StoreError};

/// Others' records in a scope, the newest first.
pub(crate) fn in_scope(
    conn: &Connection,
    scope: Scope,
    limit: u32,
) -> Result<Vec<ListRow>, StoreError> {
    let tail = "WHERE own = 0 AND id IN (SELECT record FROM record_scope WHERE scope = ?1)
        ORDER BY happened_at DESC, num DESC LIMIT ?2";
    list(conn, "record", tail, (scope.to_string(), limit))
}

/// Others' searches since then that were submitted and not taken back, the newest first.
pub(crate) fn submitted_searches(
    conn: &Connection,
    from: UnixMs,
) -> Result<Vec<ListRow>, StoreError> {
    let tail = "WHERE own = 0 AND happened_at >= ?1 AND kind = 'stop_search'
        AND review IS NOT NULL AND review <> 'withdrawn' ORDER BY happened_at DESC, num DESC";
    list(conn, "record", tail, (from.0,))
}
