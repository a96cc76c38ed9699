//! History that came with what the server reads of it: listed and searched at once, and let into
//! documents through the guard when somebody opens the record, or when there is nothing else to do.

use std::collections::BTreeSet;

use rusqlite::Connection;
use shared::doc::{RecordDoc, genesis};
use shared::guard::{Checked, Limits};
use shared::ids::{OfficerId, RecordId};
use shared::log::EntryKind;
use shared::projection::Summary;
use shared::record::Kind;
use shared::wire::FeedEntry;

use super::context::Context;
use super::{Changed, Core, CoreError, feed, newer};
use crate::store::{Opened, ProjectedRow, opened_rows, record_rows};

/// Records looked up at once.
const AT_ONCE: u32 = 4096;
/// Records of one batch of idle work: a person who wants something waits for no more.
const BATCH: usize = 16;

/// A history that can wait.
pub(super) struct Coming {
    summary: Summary,
    author: OfficerId,
    versions: usize,
}

/// Whether a history that enters can wait: all of a record that is not here, readable to this app,
/// complete in itself, and with what the server reads of it. Photos are wanted before somebody
/// opens their record, so that such a record is opened as it comes.
pub(super) fn coming(
    conn: &Connection,
    context: &Context,
    id: RecordId,
    entries: &[FeedEntry],
) -> Result<Option<Coming>, CoreError> {
    let told = entries.iter().rev().find_map(|it| it.projection.as_deref());
    let Some(summary) = told.and_then(newer::read::<Summary>) else {
        return Ok(None);
    };
    let ours =
        |it: &FeedEntry| it.id.log == context.vault.log || newer::above(context, it).is_some();
    if entries.iter().any(ours) || summary.photos > 0 || opened_rows::any(conn, id)? {
        return Ok(None);
    }
    Ok(
        author(summary.kind, entries).map(|(author, versions)| Coming {
            summary,
            author,
            versions,
        }),
    )
}

/// Who began the record, and how many changes there are, if none lacks what it builds on.
fn author(kind: Kind, entries: &[FeedEntry]) -> Option<(OfficerId, usize)> {
    let mut known = BTreeSet::from([*genesis(kind).hash.as_bytes()]);
    let mut author = None;
    let changes = entries.iter().filter(|it| it.kind == EntryKind::Change);
    for entry in changes {
        let checked = Checked::parse(entry.payload.clone(), &Limits::default()).ok()?;
        let facts = checked.facts();
        if !facts.deps.iter().all(|dep| known.contains(dep)) {
            return None;
        }
        known.insert(facts.hash);
        author.get_or_insert(entry.officer);
    }
    Some((author?, known.len() - 1))
}

/// Lists a history that waits.
pub(super) fn list(
    tx: &Connection,
    context: &Context,
    id: RecordId,
    coming: &Coming,
) -> Result<(), CoreError> {
    let Coming {
        summary,
        author,
        versions,
    } = coming;
    let row = ProjectedRow {
        id,
        own: *author == context.me(),
        author: *author,
        kind: summary.kind.as_str(),
        title: summary.line.as_deref().unwrap_or(&summary.title),
        subject: summary.subject.as_deref(),
        place: summary.place_text.as_deref(),
        photos: 0,
        happened_at: summary.at.unwrap_or_default(),
        conflict: summary.conflict,
        look: &look(summary, *versions),
        words: &summary.search_text,
        snapshot: None,
    };
    Ok(record_rows::put(tx, &row)?)
}

/// What a reviewer should look at, as far as the server says; the rest is found when the record is
/// opened.
fn look(summary: &Summary, versions: usize) -> Vec<String> {
    let flags = summary.flags;
    let found = [
        ("safety", flags.officer_safety),
        ("under_18", flags.under_18),
        ("no_video", flags.no_video),
        ("force", flags.force_used),
        ("more_than_outer", flags.more_than_outer),
        ("second_version", versions > 1),
    ];
    let found = found.into_iter().filter(|(_, is)| *is);
    found.map(|(code, _)| code.to_owned()).collect()
}

/// Opens what waits of a record, if anything does.
pub(super) fn open(tx: &Connection, context: &Context, id: RecordId) -> Result<(), CoreError> {
    if record_rows::known(tx, id)?.is_some() && record_rows::snapshot(tx, id)?.is_none() {
        feed::open(tx, context, id)?;
    }
    Ok(())
}

/// Opens what waits of a record. What cannot be opened lacks something, and waits for that: it is
/// not tried again before it comes.
fn settle(tx: &Connection, context: &Context, id: RecordId) -> Result<(), CoreError> {
    match feed::open(tx, context, id) {
        Err(CoreError::Damaged(what)) => {
            tracing::error!(what, "a record is damaged and was not opened");
        }
        done => done?,
    }
    Ok(opened_rows::set_waiting(tx, id)?)
}

/// What waited is in the document that was written.
pub(super) fn opened(tx: &Connection, id: RecordId, doc: &RecordDoc) -> Result<(), CoreError> {
    let waiting = opened_rows::unopened(tx, id)?;
    let mut waiting = waiting
        .iter()
        .filter(|it| it.opened == Opened::Later)
        .peekable();
    if waiting.peek().is_none() {
        return Ok(());
    }
    let inside: BTreeSet<_> = doc.changes().into_iter().map(|it| it.hash).collect();
    for entry in waiting.filter(|it| it.change.is_some_and(|change| inside.contains(&change))) {
        opened_rows::set_opened(tx, entry.id, Opened::Yes)?;
    }
    Ok(())
}

impl Core {
    /// Opens a few of the records that wait for it; false if none does.
    pub fn open_some(&self) -> Result<bool, CoreError> {
        // What could not be opened when the app was started.
        self.open_held()?;
        let mut state = self.lock();
        if state.to_open.is_empty() {
            state.to_open = opened_rows::to_open(state.store.read(), AT_ONCE)?;
        }
        let from = state.to_open.len().saturating_sub(BATCH);
        let batch = state.to_open.split_off(from);
        let done = state.to_open.is_empty();
        state.commit(&self.config, |tx, context| {
            batch.iter().try_for_each(|id| settle(tx, context, *id))
        })?;
        let more = !done || !opened_rows::to_open(state.store.read(), 1)?.is_empty();
        drop(state);
        // What a list shows may be more than the server said.
        if done && !batch.is_empty() {
            self.tell(Changed::Records);
        }
        Ok(more && !batch.is_empty())
    }
}
