//! Destroying the copy of another's record.

use rusqlite::Connection;
use shared::ids::{PhotoId, RecordId};

use super::CoreError;
use super::context::Context;
use crate::store::{entry_rows, feed_rows, photo_rows, record_rows};

/// Destroys rows, search words, document, photo keys and what others wrote; gives the photos
/// whose files are to be removed after the transaction. What the officer wrote is never
/// touched, and of their decisions the log keeps its entries.
pub(super) fn evict(
    tx: &Connection,
    context: &Context,
    id: RecordId,
) -> Result<Vec<PhotoId>, CoreError> {
    let own = record_rows::known(tx, id)?.is_some_and(|row| row.author == context.me());
    feed_rows::leave_all(tx, id)?;
    if own {
        return Ok(Vec::new());
    }
    let photos = photo_rows::of_record(tx, id)?;
    photo_rows::destroy(tx, id)?;
    entry_rows::destroy_others(tx, id)?;
    record_rows::destroy(tx, id)?;
    Ok(photos.into_iter().map(|photo| photo.id).collect())
}
