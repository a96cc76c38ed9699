//! Backfills: the records that were in a scope before a vault was given it, newest first.

use rusqlite::{Connection, params};
use shared::ids::{AcceptPos, LogId, RecordId};
use shared::log::EntryKind;
use shared::wire::{BackfillCursor, BackfillPage, FeedEvent, FeedItem, Scope};

use super::news::{Budget, size};
use super::sql::{all, fixed, integer, natural};
use super::{grants, records};
use crate::store::{News, StoreError};

/// Records of one scope looked at for one page.
const RECORDS: usize = 128;
/// Backfills served in one answer.
const BACKFILLS: usize = 8;

pub(super) fn pages(
    db: &Connection,
    log: LogId,
    wanted: &[BackfillCursor],
    budget: &mut Budget,
    news: &mut News,
) -> Result<(), StoreError> {
    if wanted.is_empty() {
        return Ok(());
    }
    let grants = grants::of(db, log)?;
    for cursor in wanted.iter().take(BACKFILLS) {
        let granted = grants.iter().any(|(scope, _)| *scope == cursor.scope);
        let page = if granted {
            page(db, log, cursor, budget, news)?
        } else {
            // Not, or no longer: nothing is owed.
            Some(BackfillPage {
                scope: cursor.scope,
                items: Vec::new(),
                below: None,
            })
        };
        news.more |= page.as_ref().is_none_or(|page| page.below.is_some());
        news.backfills.extend(page);
    }
    news.more |= wanted.len() > BACKFILLS;
    Ok(())
}

/// One page; none if the answer was full before it. A device that has found a hole asks for what
/// came after the grant too.
fn page(
    db: &Connection,
    log: LogId,
    cursor: &BackfillCursor,
    budget: &mut Budget,
    news: &News,
) -> Result<Option<BackfillPage>, StoreError> {
    let sql = "SELECT entered, record FROM scope_records
        WHERE scope = ?1 AND entered < ?2 ORDER BY entered DESC LIMIT ?3";
    let params = params![
        cursor.scope.to_string(),
        integer(cursor.below.0),
        integer(RECORDS as u64)
    ];
    let owed = all(db, sql, params, |row| {
        Ok((
            natural(row, "entered")?,
            fixed(row, "record", RecordId::from_slice)?,
        ))
    })?;
    let mut page = BackfillPage {
        scope: cursor.scope,
        items: Vec::new(),
        below: None,
    };
    let mut below = cursor.below;
    for &(entered, record) in &owed {
        let item = item(db, log, cursor, entered, record, news.counters.accept)?;
        if let Some(item) = item {
            if !budget.take(size(&item)) {
                let begun = below != cursor.below;
                page.below = (!shared::mutant!(BackfillEndsEarly)).then_some(below);
                return Ok(begun.then_some(page));
            }
            page.items.push(item);
        }
        below = AcceptPos(entered);
    }
    page.below = (owed.len() == RECORDS).then_some(below);
    Ok(Some(page))
}

/// A record with its whole accepted history; none if the vault wrote all of it, as its own.
fn item(
    db: &Connection,
    log: LogId,
    cursor: &BackfillCursor,
    entered: u64,
    record: RecordId,
    until: AcceptPos,
) -> Result<Option<FeedItem>, StoreError> {
    let mut history = records::history(db, record, log, until.0, until)?;
    // All of it is there, so that what is read of it is what is read of the record.
    let last = history
        .iter_mut()
        .rev()
        .find(|it| it.kind == EntryKind::Change);
    if let Some(last) = last.filter(|it| it.projection.is_none()) {
        last.projection = records::summary(db, record)?;
    }
    // Of what its author's own vault wrote there is nothing to say; that it is in another scope
    // too, the vault has to be told.
    if history.is_empty() && matches!(cursor.scope, Scope::Author(_)) {
        return Ok(None);
    }
    let photos = records::photos_here(db, record)?;
    let event = FeedEvent::Enters(history, photos);
    Ok(Some(FeedItem {
        position: AcceptPos(entered),
        scope: cursor.scope,
        record,
        event,
    }))
}
