//! The mailbox: verdicts of our own entries, scopes given and taken, what is to be destroyed,
//! and what a supervisor has to look at.

use rusqlite::Connection;
use shared::ids::{EntryId, MailSeq, Seq};
use shared::log::EntryKind;
use shared::time::UnixMs;
use shared::wire::{Mail, MailItem, Verdict};

use super::context::Context;
use super::settle::Touched;
use super::{CoreConfig, CoreError, evict, feed};
use crate::store::{VerdictState, digest_rows, entry_rows, evict_rows, feed_rows, task_rows};

/// What the mail brought beside what it changed.
#[derive(Debug, Default)]
pub(super) struct Brought {
    /// How far the mailbox is stored.
    pub(super) cursor: MailSeq,
    /// The copy of a record was destroyed.
    pub(super) evicted: bool,
    /// Tasks came or went.
    pub(super) tasks: bool,
    /// Some of it is left for the next answer.
    pub(super) more: bool,
}

impl Brought {
    /// The mail that is not receipted before what it, or another stream, destroys is gone. What
    /// was receipted already is not held back.
    pub(super) fn evicting(&self, context: &Context) -> MailSeq {
        self.cursor.max(context.vault.mailbox.next())
    }
}

/// Does what the mail says, in its order.
pub(super) fn take(
    tx: &Connection,
    context: &Context,
    config: &CoreConfig,
    items: &[MailItem],
    touched: &mut Touched,
) -> Result<Brought, CoreError> {
    let mut brought = Brought {
        cursor: context.vault.mailbox,
        ..Brought::default()
    };
    // What is not receipted yet comes again, and has been done.
    let new = |item: &&MailItem| item.seq > context.vault.mailbox;
    for item in items.iter().filter(new) {
        if let Mail::Verdict(place, ..) = &item.mail
            && context.vault.received.is_none_or(|last| last < *place)
        {
            // The verdict of what has no receipt may be about another's entry of that place. The
            // receipt says whether it is; until it comes, this and what follows stays unread.
            brought.more = true;
            break;
        }
        brought.cursor = brought.cursor.max(item.seq);
        match &item.mail {
            Mail::Verdict(place, verdict, at) => {
                judged(tx, context, *place, *verdict, *at, touched)?;
            }
            Mail::Granted(scope, position) => {
                feed_rows::grant(tx, *scope, *position)?;
                feed_rows::owe(tx, *scope)?;
            }
            Mail::GrantEnded(scope) => {
                for id in feed_rows::end_grant(tx, *scope)? {
                    brought.evicted |=
                        feed::gone(tx, context, config, item.seq, (id, *scope), touched)?;
                }
            }
            Mail::Evict(record) => {
                evict::evict(tx, context, config, item.seq, *record)?;
                task_rows::forget(tx, *record)?;
                touched.forget(*record);
                brought.evicted = true;
            }
            Mail::Task(task) => {
                task_rows::put(tx, task)?;
                touched.states.extend(task.record);
                brought.tasks = true;
            }
            Mail::TaskDone(entry) => {
                if let Some(task) = task_rows::get(tx, *entry)? {
                    touched.states.extend(task.record);
                }
                task_rows::remove(tx, *entry)?;
                brought.tasks = true;
            }
        }
    }
    let mail = brought.evicting(context);
    for id in evict::due(tx, context, config, mail)? {
        touched.forget(id);
        brought.evicted = true;
    }
    Ok(brought)
}

/// Keeps a verdict of one of our own entries.
fn judged(
    tx: &Connection,
    context: &Context,
    place: Seq,
    verdict: Verdict,
    at: UnixMs,
    touched: &mut Touched,
) -> Result<(), CoreError> {
    let id = EntryId {
        log: context.vault.log,
        seq: place,
    };
    let Some(before) = entry_rows::get(tx, id)? else {
        return Ok(());
    };
    let (state, reason, position) = match verdict {
        Verdict::Accepted(position) => (VerdictState::Accepted, None, Some(position)),
        Verdict::Parked(code) => (VerdictState::Parked, Some(code), None),
        Verdict::Quarantined(code) => (VerdictState::Quarantined, Some(code), None),
        Verdict::Rejected(code) => (VerdictState::Rejected, Some(code), None),
        Verdict::Upheld(code) => (VerdictState::Upheld, Some(code), None),
        Verdict::Superseded => (VerdictState::Superseded, None, None),
    };
    let reason = reason.map(|code| code.as_str());
    let record = entry_rows::set_verdict(tx, place, state, reason, position, at)?;
    let Some(record) = record else {
        return Ok(());
    };
    let was_out = before.superseded || !before.stands();
    let is_out = state.kept_out() || state == VerdictState::Superseded;
    if before.kind == EntryKind::Change && (was_out || is_out) {
        touched.anew.insert(record);
    }
    touched.states.insert(record);
    // Its record left and came back before it was judged, and the history did not have it yet.
    if state == VerdictState::Accepted && evict_rows::is_destroyed(tx, id)? {
        for scope in feed_rows::scopes_of(tx, record)? {
            digest_rows::reopen(tx, scope, context.vault.records.next())?;
        }
    }
    Ok(())
}
