//! What nobody offers any more, and words of ours that build on it.
//!
//! A server that was restored from a backup lacks what came after it. Whoever wrote that offers it
//! again, in time; but a device that had a copy, or an account that has ended, may never, and who
//! had a copy of their log says the words in other changes. Ours that build on it would be parked for
//! ever, and what is shown here would be what nobody else has. So after a day it is put aside, and
//! what of ours builds on it is said again on what the server has. It stays in the history here, and
//! is let in again if it comes after all.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;
use shared::hash::ChangeHash;
use shared::ids::{EntryId, RecordId};
use shared::log::EntryKind;
use shared::wire::VerdictCode;

use super::context::Context;
use super::inside::Standing;
use super::rebuild::HELD;
use super::settle::Touched;
use super::{CoreError, held};
use crate::store::{
    EntryRow, Patience, VerdictState, entry_rows, lineage_rows, lost_rows, past_rows, record_rows,
};

/// Why an entry of an earlier log of ours is out, though nobody has judged it.
pub(super) const LOST: &str = "missing_dependency";
/// Why an entry is out that builds on what is.
const BUILDS_ON_REJECTED: &str = VerdictCode::BuildsOnRejected.as_str();

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
    let patience = Patience::until(context.stamp.estimate());
    let mut lacking: BTreeMap<RecordId, BTreeSet<EntryId>> = BTreeMap::new();
    for id in lost_rows::in_vain(tx, patience)? {
        lacking.entry(id).or_default();
    }
    for (id, entry) in lost_rows::unknown(tx, patience)? {
        lacking.entry(id).or_default().insert(entry);
    }
    for (id, late) in lacking {
        if given_up(tx, id, &late)? {
            held::say_again(tx, context, id)?;
            touched.anew.insert(id);
        }
        if sign_again(tx, id, patience)? {
            touched.states.insert(id);
        }
    }
    Ok(())
}

/// Gives up what the server lacks of this record: others' that is `late`, and what ours waits for;
/// true if it did. A record that others began, and that would be nothing without what they wrote,
/// is left as it is.
fn given_up(tx: &Connection, id: RecordId, late: &BTreeSet<EntryId>) -> Result<bool, CoreError> {
    if record_rows::known(tx, id)?.is_none() {
        return Ok(false);
    }
    let mut entries = entry_rows::facts_of(tx, id)?;
    let lost = lost(&entries, late);
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
        if !entry.own {
            lineage_rows::let_go(tx, entry.id)?;
        } else if !is_replaced(entry) {
            past_rows::set_lost(tx, entry.id, LOST)?;
        }
    }
    Ok(true)
}

/// What our officer said since then of what is given up, or of more than that, waits for it for ever:
/// it is put before them again. True if anything is.
fn sign_again(tx: &Connection, id: RecordId, patience: Patience) -> Result<bool, CoreError> {
    let entries = entry_rows::facts_of(tx, id)?;
    let given_up = |it: &EntryRow| it.given_up() || is_lost(it) || is_replaced(it);
    if !entries.iter().any(given_up) {
        return Ok(false);
    }
    let late = |it: &EntryRow| it.received_at.is_some_and(|at| patience.is_over(at));
    let in_vain =
        |it: &EntryRow| is_in_vain(it) && (it.verdict != VerdictState::Parked || late(it));
    let mut any = false;
    for entry in entries
        .iter()
        .filter(|it| it.kind.is_statement() && in_vain(it))
    {
        lineage_rows::set_confirm(tx, entry.id, Some(HELD))?;
        any = true;
    }
    Ok(any)
}

/// True for an entry of ours that waits for something that the server has not, or is out because its
/// author has said that in another entry since.
fn is_in_vain(entry: &EntryRow) -> bool {
    let open = entry.own && !entry.superseded && !entry.let_go && !entry.confirm;
    let builds_on_nothing = entry.reason.as_deref() == Some(BUILDS_ON_REJECTED);
    open && match entry.verdict {
        VerdictState::Parked => true,
        VerdictState::Rejected => builds_on_nothing,
        _ => false,
    }
}

/// True for an entry of ours that the server does not let in, since what it says is in already.
fn is_replaced(entry: &EntryRow) -> bool {
    entry.own && entry.verdict == VerdictState::Superseded
}

/// True for an entry of an earlier log of ours that the server has lost. Under its name it may
/// have another by now, of a copy of that log.
pub(super) fn is_lost(entry: &EntryRow) -> bool {
    let reason = entry.reason.as_deref();
    entry.past && entry.verdict == VerdictState::Rejected && reason == Some(LOST)
}

/// What is late, and of what the entries of ours that are in vain build on: what the server's lineage of today
/// is not known to have, by others or from an earlier log of ours, or has in another entry; and what
/// was said of that.
fn lost(entries: &[EntryRow], late: &BTreeSet<EntryId>) -> Vec<EntryId> {
    let changes = || entries.iter().filter(|it| it.kind == EntryKind::Change);
    let mut wanted = Vec::new();
    for entry in entries
        .iter()
        .filter(|it| is_in_vain(it) || late.contains(&it.id))
    {
        match entry.change {
            Some(change) => wanted.push(change),
            None => wanted.extend(&entry.deps),
        }
    }
    let (mut seen, mut lost) = (BTreeSet::new(), Vec::new());
    let unknown = |it: &EntryRow| it.position.is_none() && !it.superseded;
    let lacking = |it: &EntryRow| unknown(it) && (!it.own || it.past) || is_replaced(it);
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
    let said = entries
        .iter()
        .filter(|it| about(it) || it.kind.is_statement() && late.contains(&it.id));
    lost.iter().copied().chain(said).map(|it| it.id).collect()
}
