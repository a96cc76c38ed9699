//! That copies of records were removed is said once, in numbers, until somebody has read it.

use rusqlite::Connection;
use shared::ids::RecordId;
use shared::wire::Scope;

use super::{Changed, Core, CoreError};
use crate::store::{record_rows, removed_rows};
use crate::view::RemovedView;

/// Why the copy of a record is removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// It left the last scope in which it was seen here.
    Left(Scope),
    /// The server destroyed it.
    Erased,
}

impl Why {
    const fn code(self) -> &'static str {
        match self {
            Self::Left(Scope::Author(_)) => "author",
            Self::Left(Scope::Team(_)) => "team",
            Self::Left(Scope::Shared(_)) => "shared",
            Self::Left(Scope::Operation(_)) => "operation",
            Self::Erased => "erased",
        }
    }
}

/// Counts a record whose copy is about to be removed, if there is one that was listed.
pub(super) fn note(tx: &Connection, id: RecordId, why: Why) -> Result<(), CoreError> {
    if record_rows::known(tx, id)?.is_some() {
        removed_rows::add(tx, why.code())?;
    }
    Ok(())
}

pub(super) fn views(conn: &Connection) -> Result<Vec<RemovedView>, CoreError> {
    let rows = removed_rows::all(conn)?.into_iter();
    Ok(rows
        .map(|(why, records)| RemovedView {
            why,
            records: u32::try_from(records).unwrap_or(u32::MAX),
        })
        .collect())
}

impl Core {
    /// Somebody has read what was removed: it is not said again.
    pub fn removed_seen(&self) -> Result<(), CoreError> {
        self.lock()
            .store
            .write(|tx| Ok::<_, CoreError>(removed_rows::forget(tx)?))?;
        self.tell(Changed::Records);
        Ok(())
    }
}
