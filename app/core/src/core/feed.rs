//! What others did: kept as it came, and let into documents only through the guard.

use rusqlite::Connection;
use shared::doc::{RecordDoc, Refused, genesis};
use shared::guard::{Checked, Limits};
use shared::hash::ChangeHash;
use shared::ids::{MailSeq, OfficerId, RecordId};
use shared::log::EntryKind;
use shared::record::Kind;
use shared::statement::Statement;
use shared::wire::{FeedEntry, FeedEvent, FeedItem, Scope};

use super::context::Context;
use super::removed::{self, Why};
use super::settle::Touched;
use super::{CoreConfig, CoreError, evict, later, newer, parted, project};
use crate::store::{
    EntryRow, Opened, VerdictState, entry_rows, feed_rows, held_rows, newer_rows, photo_rows,
    record_rows, task_rows,
};
use crate::store::{newer_rows::NEEDS_NEWER_APP, opened_rows};

/// Keeps what a feed item says; gives a record that left a scope.
pub(super) fn apply(
    tx: &Connection,
    context: &Context,
    item: &FeedItem,
    touched: &mut Touched,
) -> Result<Option<(RecordId, Scope)>, CoreError> {
    let id = item.record;
    let mut left = None;
    match &item.event {
        FeedEvent::Accepted(entry) => {
            feed_rows::enter(tx, id, item.scope)?;
            keep(tx, context, item, entry, false, touched)?;
        }
        FeedEvent::Enters(entries, stored) => {
            feed_rows::enter(tx, id, item.scope)?;
            // The whole history, unless it comes with another scope: what is not in it the server
            // does not know.
            if !entries.is_empty() {
                held_rows::unconfirm(tx, id, context.stamp.estimate())?;
            }
            let coming = later::coming(tx, context, id, entries)?;
            for entry in entries {
                keep(tx, context, item, entry, coming.is_some(), touched)?;
            }
            if let Some(coming) = coming {
                later::list(tx, context, id, &coming)?;
            }
            for blob in stored {
                photo_rows::set_stored(tx, id, *blob)?;
            }
        }
        FeedEvent::Leaves => {
            feed_rows::leave(tx, id, item.scope)?;
            left = Some((id, item.scope));
        }
        FeedEvent::Stored(blob) => {
            photo_rows::set_stored(tx, id, *blob)?;
        }
    }
    touched.states.insert(id);
    Ok(left)
}

/// Destroys the copy of another's record that has left this scope and is in no other given here;
/// true if it did. If
/// it enters one again, it comes whole.
pub(super) fn gone(
    tx: &Connection,
    context: &Context,
    config: &CoreConfig,
    mail: MailSeq,
    (id, scope): (RecordId, Scope),
    touched: &mut Touched,
) -> Result<bool, CoreError> {
    let own = record_rows::known(tx, id)?.is_some_and(|row| row.author == context.me());
    if own || feed_rows::is_in_any(tx, id)? {
        return Ok(false);
    }
    removed::note(tx, id, Why::Left(scope))?;
    evict::left(tx, context, config, mail, id)?;
    task_rows::forget(tx, id)?;
    touched.forget(id);
    Ok(true)
}

/// Keeps one accepted entry of somebody else, unopened. `later` for one that is opened when
/// somebody wants to see it.
fn keep(
    tx: &Connection,
    context: &Context,
    item: &FeedItem,
    entry: &FeedEntry,
    later: bool,
    touched: &mut Touched,
) -> Result<(), CoreError> {
    let id = item.record;
    // Our own come back as verdicts; in a history only those destroyed here with its copy count,
    // of earlier logs too.
    if evict::restore(tx, entry)? && entry.kind == EntryKind::Change {
        touched.documents.insert(id);
    }
    if entry.id.log == context.vault.log {
        return newer::list_again(tx, context, id, entry);
    }
    let mut row = EntryRow {
        id: entry.id,
        own: false,
        past: false,
        record: Some(id),
        kind: entry.kind,
        officer: entry.officer,
        device: entry.device,
        at: entry.at,
        received_at: Some(entry.received),
        verdict: VerdictState::Accepted,
        reason: None,
        change: None,
        deps: Vec::new(),
        seen: entry.seen.clone(),
        opened: Opened::Yes,
        superseded: false,
        position: Some(item.position),
        confirm: false,
        let_go: false,
        destroyed: false,
        payload: entry.payload.clone(),
    };
    read(&mut row);
    let above = newer::above(context, entry);
    if above.is_some() {
        row.opened = Opened::Refused(NEEDS_NEWER_APP);
    }
    // What is said about it leaves its content as readable as it was.
    if entry.kind == EntryKind::Change {
        newer::list(tx, context, id, &row, entry)?;
    }
    if later && row.opened == Opened::Waits {
        row.opened = Opened::Later;
    }
    touched.anew.extend(parted::part_at(tx, context, &row)?);
    if entry_rows::insert(tx, &row)? {
        if let Some(schema) = above {
            newer_rows::hold(tx, entry.id, schema)?;
        }
        if row.change.is_some() && row.opened != Opened::Later {
            touched.documents.insert(id);
        }
    } else if held_rows::confirm_accepted(tx, &row)? {
        // One of ours from an earlier log, of which no verdict had come.
        touched.anew.insert(id);
    }
    Ok(())
}

/// Learns from an entry what it rests on, and whether it can be opened.
pub(super) fn read(row: &mut EntryRow) {
    row.opened = Opened::Yes;
    match row.kind {
        EntryKind::Change => read_change(row),
        EntryKind::Unknown(_) => row.opened = Opened::Refused(NEEDS_NEWER_APP),
        kind => match Statement::from_bytes(kind, &row.payload) {
            Ok(statement) => {
                row.deps = statement
                    .bound()
                    .map(|it| it.heads.clone())
                    .unwrap_or_default();
            }
            Err(_) => row.opened = Opened::Refused("bad_statement"),
        },
    }
}

/// Learns from a change what can be learned without opening it.
fn read_change(row: &mut EntryRow) {
    match Checked::parse(row.payload.clone(), &Limits::default()) {
        Ok(checked) => {
            let facts = checked.facts();
            row.change = Some(ChangeHash::from_bytes(facts.hash));
            row.deps = facts
                .deps
                .iter()
                .map(|dep| ChangeHash::from_bytes(*dep))
                .collect();
            row.deps.sort();
            row.opened = Opened::Waits;
        }
        Err(refusal) => row.opened = Opened::Refused(refusal.code()),
    }
}

/// Lets the waiting changes of a record into its document: all at once if they fit, else each
/// that does. What lacks its past goes on waiting; what the guard refuses stays unopened.
pub(super) fn open(tx: &Connection, context: &Context, id: RecordId) -> Result<(), CoreError> {
    let waiting = opened_rows::unopened(tx, id)?;
    let Some((mut doc, author)) = begin(tx, id, &waiting)? else {
        return Ok(());
    };
    let all: Vec<_> = waiting.iter().filter_map(check).collect();
    if all.len() == waiting.len() && doc.admit(all).is_ok() {
        for entry in &waiting {
            opened_rows::set_opened(tx, entry.id, Opened::Yes)?;
        }
    } else {
        one_by_one(tx, &mut doc, waiting)?;
    }
    // The genesis alone is not a record yet, unless it is listed by what the server reads.
    if doc.changes().is_empty() {
        return project::states(tx, context, id);
    }
    project::document(tx, context, id, author, &doc)
}

fn one_by_one(
    tx: &Connection,
    doc: &mut RecordDoc,
    mut waiting: Vec<EntryRow>,
) -> Result<(), CoreError> {
    loop {
        let before = waiting.len();
        let mut left = Vec::new();
        for entry in waiting {
            let opened = match check(&entry).map(|change| doc.admit(vec![change])) {
                Some(Ok(())) => Opened::Yes,
                Some(Err(Refused::Missing(_))) => {
                    left.push(entry);
                    continue;
                }
                Some(Err(Refused::Never(refusal))) => Opened::Refused(refusal.code()),
                None => Opened::Refused("preflight"),
            };
            opened_rows::set_opened(tx, entry.id, opened)?;
        }
        if left.len() == before || left.is_empty() {
            return Ok(());
        }
        waiting = left;
    }
}

fn check(entry: &EntryRow) -> Option<Checked> {
    Checked::parse(entry.payload.clone(), &Limits::default()).ok()
}

/// The document so far and its author; none while the first change has not come.
fn begin(
    tx: &Connection,
    id: RecordId,
    waiting: &[EntryRow],
) -> Result<Option<(RecordDoc, OfficerId)>, CoreError> {
    if let Some(row) = record_rows::known(tx, id)? {
        let doc = if record_rows::snapshot(tx, id)?.is_some() {
            project::load(tx, id, row.kind)?
        } else {
            RecordDoc::new(row.kind)
        };
        return Ok(Some((doc, row.author)));
    }
    let first = waiting.iter().find_map(|entry| {
        let kind = Kind::ALL
            .into_iter()
            .find(|kind| entry.deps == [genesis(*kind).hash])?;
        Some((RecordDoc::new(kind), entry.officer))
    });
    Ok(first)
}
