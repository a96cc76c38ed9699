//! An earlier log of ours that a restored server has otherwise.
//!
//! After a restore the server is offered again what it had of earlier logs. Another device that
//! held a copy of such a log may have been there first, with other entries, or the log may have
//! ended before ours. What of it the server does not take is not there: it is kept under the name
//! of the tail, as what was cut off is, and goes up as evidence. Its words are said again with
//! the next news, on what the server has by then ([`super::lost`]).

use std::collections::BTreeSet;

use rusqlite::Connection;
use shared::ids::{EntryId, LogId, RecordId, Seq};
use shared::log::EntryKind;

use super::context::Context;
use super::lost::LOST;
use super::{Changed, Core, CoreError, rebuild, split};
use crate::store::{
    EntryRow, entry_rows, evict_rows, held_rows, lineage_rows, past_rows, record_rows,
};

impl Core {
    /// The server has other entries than these of an earlier log, or has ended that log before
    /// them. A smaller piece finds out where.
    pub(crate) fn past_was_refused(
        &self,
        log: LogId,
        first: Seq,
        commits: usize,
    ) -> Result<(), CoreError> {
        let mut state = self.lock();
        if commits > 1 {
            state.link.past_max = commits / 2;
            return Ok(());
        }
        state.link.past_max = usize::MAX;
        let records = state.commit(&self.config, |tx, context| {
            let records = part(tx, context, log, first)?;
            for id in &records {
                rebuild::rebuild(tx, context, *id)?;
            }
            Ok(records)
        })?;
        for id in &records {
            state.actors.remove(id);
        }
        drop(state);
        self.tell(Changed::Records);
        Ok(())
    }
}

/// Puts our entries of this log aside from a place on; the server does not have them. Gives the
/// records whose documents they were in.
pub(super) fn part(
    tx: &Connection,
    context: &Context,
    log: LogId,
    first: Seq,
) -> Result<BTreeSet<RecordId>, CoreError> {
    let mut records = BTreeSet::new();
    let Some(kept_as) = past_rows::part(tx, log, first)? else {
        return Ok(records);
    };
    let tail = lineage_rows::tail(tx, kept_as)?;
    // What was said again already is of no consequence.
    let stands = |it: &&EntryRow| it.id.seq >= first && it.stands() && !it.let_go;
    let tail: Vec<_> = tail.iter().filter(stands).collect();
    for entry in tail.iter().filter(|it| it.kind == EntryKind::Change) {
        past_rows::set_lost(tx, entry.id, LOST)?;
        if let Some(id) = entry.record
            && record_rows::known(tx, id)?.is_some()
        {
            records.insert(id);
        }
    }
    for entry in tail.iter().filter(|it| it.kind != EntryKind::Change) {
        // Whoever says the words again signs for them again.
        if entry.record.is_some_and(|id| records.contains(&id)) && entry.kind.is_statement() {
            past_rows::set_lost(tx, entry.id, LOST)?;
        } else {
            split::say_again(tx, context, entry)?;
        }
    }
    Ok(records)
}

/// The server has this entry. If it has the name of another that is here, of a lineage of the server
/// before this one or of a copy of that log, what is here is put aside; gives the records of that.
pub(super) fn part_at(
    tx: &Connection,
    context: &Context,
    theirs: &EntryRow,
) -> Result<BTreeSet<RecordId>, CoreError> {
    let Some(here) = entry_rows::get(tx, theirs.id)? else {
        return Ok(BTreeSet::new());
    };
    let gone = evict_rows::is_destroyed(tx, theirs.id)?;
    let same = here.kind == theirs.kind
        && here.record == theirs.record
        && (gone || here.payload == theirs.payload);
    if same {
        return Ok(BTreeSet::new());
    }
    let EntryId { log, seq } = theirs.id;
    if here.own {
        return part(tx, context, log, seq);
    }
    let (kept_as, now) = (
        LogId::from_bytes(context.env.bytes()),
        context.stamp.estimate(),
    );
    held_rows::rename(tx, theirs.id, kept_as, now)?;
    Ok(here.record.into_iter().collect())
}
