//! The document of a record, made anew after the server has kept a change out or let one in.

use rusqlite::Connection;
use shared::ids::RecordId;

use super::context::Context;
use super::inside::Standing;
use super::{CoreError, feed, later, project, reauthor};
use crate::store::{
    EntryRow, VerdictState, entry_rows, lineage_rows, opened_rows, own_log, record_rows,
};

/// Why a statement has to be signed again: what it was about is kept out.
pub(super) const HELD: &str = "held";

/// Makes the document from what stands. What the officer wrote on top of what is kept out, and
/// the server has not received, is said again on what stands; statements about it are put
/// before their signer again.
pub(super) fn rebuild(tx: &Connection, context: &Context, id: RecordId) -> Result<(), CoreError> {
    let Some(row) = record_rows::known(tx, id)? else {
        return Ok(());
    };
    later::open(tx, context, id)?;
    let entries = entry_rows::of_record(tx, id)?;
    let standing = Standing::of(&entries);
    let mut doc = project::grow(row.kind, &entries, |it| standing.shown().contains(it))?;
    if !standing.whole() {
        let unreceived = own_log::first_unreceived(&context.vault);
        let unsent = |entry: &&EntryRow| {
            entry.waits(unreceived) && !entry.superseded && entry.verdict == VerdictState::None
        };
        let out = |entry: &&EntryRow| entry.change.is_some_and(|it| standing.out.contains(&it));
        let later: Vec<_> = entries.iter().filter(unsent).filter(out).collect();
        if !later.is_empty() {
            let past = project::grow(row.kind, &entries, |_| true)?;
            let new = reauthor::again(context, id, &mut doc, &past, &later, |it| Ok(vec![it.id]))?;
            own_log::append(tx, &context.stamp, new)?;
        }
        let about = |entry: &&EntryRow| entry.deps.iter().any(|it| standing.out.contains(it));
        let said = entries.iter().filter(|it| it.kind.is_statement());
        for entry in said.filter(unsent).filter(about) {
            lineage_rows::set_confirm(tx, entry.id, Some(HELD))?;
        }
    }
    // Nothing of it is left to show: what was there stays.
    if doc.changes().is_empty() {
        return project::states(tx, context, id);
    }
    project::document(tx, context, id, row.author, &doc)?;
    // What was let in again may be what others' changes waited for.
    if opened_rows::unopened(tx, id)?.is_empty() {
        return Ok(());
    }
    feed::open(tx, context, id)
}

/// True if something of ours is kept out of a record, so that letting others' changes in is not
/// all there is to do.
pub(super) fn is_due(tx: &Connection, id: RecordId) -> Result<bool, CoreError> {
    let kept_out = |it: &EntryRow| it.own && !it.superseded && it.verdict.kept_out();
    Ok(entry_rows::facts_of(tx, id)?.iter().any(kept_out))
}
