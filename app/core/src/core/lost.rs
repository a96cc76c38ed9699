//! Words of ours that build on what nobody offers any more.
//!
//! A server that was restored from a backup lacks what came after it. Whoever wrote that offers it
//! again, in time; but a device that had a copy, or an account that has ended, may never. What of
//! ours builds on it would be parked for ever, so after a day it is said again on what the server
//! has. What it was built on stays in the history here, and is let in again if it comes after all.

use std::collections::BTreeSet;

use rusqlite::Connection;
use shared::hash::ChangeHash;
use shared::ids::{EntryId, RecordId};
use shared::log::EntryKind;

use super::context::Context;
use super::inside::Standing;
use super::settle::Touched;
use super::{CoreError, held};
use crate::store::{
    EntryRow, VerdictState, entry_rows, lineage_rows, opened_rows, past_rows, record_rows,
};

/// Why an entry of an earlier log of ours is out, though nobody has judged it.
pub(super) const LOST: &str = "missing_dependency";
/// How long an entry waits for what it builds on. Who was at home for a night is back by then.
const PATIENCE_MS: i64 = 24 * 60 * 60 * 1000;

/// Says again what has waited too long, of all records. Nothing of it is the officer's to do.
pub(super) fn say_again(
    tx: &Connection,
    context: &Context,
    touched: &mut Touched,
) -> Result<(), CoreError> {
    for id in past_rows::records_lost(tx, LOST)? {
        let known = record_rows::known(tx, id)?.is_some();
        if known && held::say_again(tx, context, id)? {
            touched.anew.insert(id);
        }
    }
    let before = context.stamp.estimate().plus(-PATIENCE_MS);
    for id in opened_rows::parked_since(tx, before)? {
        if given_up(tx, id)? && held::say_again(tx, context, id)? {
            touched.anew.insert(id);
        }
    }
    Ok(())
}

/// Gives up what the server lacks of this record, if ours waits for it; true if it did. A record
/// that others began, and that would be nothing without what they wrote, is left as it is.
fn given_up(tx: &Connection, id: RecordId) -> Result<bool, CoreError> {
    if record_rows::known(tx, id)?.is_none() {
        return Ok(false);
    }
    let mut entries = entry_rows::facts_of(tx, id)?;
    let lost = lost(&entries);
    if lost.is_empty() {
        return Ok(false);
    }
    let ours = |it: &EntryRow| it.own && it.kind == EntryKind::Change && lost.contains(&it.id);
    let began = entries.iter().any(ours);
    for entry in &mut entries {
        entry.let_go |= !entry.own && lost.contains(&entry.id);
    }
    if Standing::of(&entries).whole() && !began {
        return Ok(false);
    }
    for entry in entries.iter().filter(|it| lost.contains(&it.id)) {
        if entry.own {
            past_rows::set_lost(tx, entry.id, LOST)?;
        } else {
            lineage_rows::let_go(tx, entry.id)?;
        }
    }
    Ok(true)
}

/// True for an entry of an earlier log of ours that the server has lost. Under its name it may
/// have another by now, of a copy of that log.
pub(super) fn is_lost(entry: &EntryRow) -> bool {
    let reason = entry.reason.as_deref();
    entry.past && entry.verdict == VerdictState::Rejected && reason == Some(LOST)
}

/// Of what the parked entries of ours build on: what the server's lineage of today is not known to
/// have, by others or from an earlier log of ours; and what was said of that.
fn lost(entries: &[EntryRow]) -> Vec<EntryId> {
    let changes = || entries.iter().filter(|it| it.kind == EntryKind::Change);
    let waits = |it: &&EntryRow| it.own && it.stands() && it.verdict == VerdictState::Parked;
    let mut wanted: Vec<ChangeHash> = changes().filter(waits).filter_map(|it| it.change).collect();
    let (mut seen, mut lost) = (BTreeSet::new(), Vec::new());
    let unknown = |it: &EntryRow| it.position.is_none() && !it.let_go && !it.superseded;
    let lacking = |it: &EntryRow| unknown(it) && (!it.own || it.past);
    while let Some(change) = wanted.pop() {
        if !seen.insert(change) {
            continue;
        }
        let found = changes().find(|it| it.change == Some(change));
        let Some(entry) = found else { continue };
        wanted.extend(&entry.deps);
        if lacking(entry) {
            lost.push(entry);
        }
    }
    let about = |it: &&EntryRow| {
        let lost = |dep: &ChangeHash| lost.iter().any(|lost| lost.change == Some(*dep));
        it.kind.is_statement() && lacking(it) && it.deps.iter().any(lost)
    };
    let said = entries.iter().filter(about);
    lost.iter().copied().chain(said).map(|it| it.id).collect()
}
