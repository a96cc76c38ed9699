//! The history of a record: who did what, in the order in which it came to be known.

use std::collections::{BTreeMap, BTreeSet};

use shared::doc::{Addendum, RecordDoc, genesis};
use shared::hash::ChangeHash;
use shared::log::EntryKind;
use shared::statement::{ReviewVerdict, Statement};
use shared::time::UnixMs;

use super::context::Context;
use crate::store::{EntryRow, VerdictState};
use crate::view::TimelineView;

/// The lines of the history, oldest first.
pub(super) fn timeline(
    context: &Context,
    own: bool,
    doc: &RecordDoc,
    addenda: &[Addendum],
    entries: &[EntryRow],
) -> Vec<TimelineView> {
    let mut lines = Vec::new();
    let hashes = doc.changes().into_iter().map(|it| Some(it.hash));
    let versions: BTreeMap<_, u32> = hashes.zip(1..).collect();
    // What was cut off with an earlier log was said again.
    let cut_off =
        |entry: &&EntryRow| entry.past && entry.superseded && entry.verdict == VerdictState::None;
    let entries = entries.iter().filter(|it| !cut_off(it));
    for entry in entries.filter(|entry| !entry.kind.is_audit_only()) {
        if let Some(mut line) = said(doc, addenda, entry) {
            line.by = Some(context.label_or_id(entry.officer));
            line.device = Some(entry.device.to_string()[..8].to_owned());
            line.here = entry.device == context.vault.device;
            line.version = versions.get(&entry.change).copied();
            lines.push(line);
        }
        lines.extend(received(own, entry));
        lines.extend(refused(entry));
    }
    lines
}

fn line(code: &str, entry: &EntryRow) -> TimelineView {
    TimelineView {
        code: code.to_owned(),
        by: None,
        device_time: entry.at.0,
        server_time: entry.received_at.map(|at| at.0),
        device: None,
        here: false,
        version: None,
        text: None,
        reasons: Vec::new(),
        accepted: entry.accepted(),
    }
}

/// What an entry did.
fn said(doc: &RecordDoc, addenda: &[Addendum], entry: &EntryRow) -> Option<TimelineView> {
    if entry.kind == EntryKind::Change {
        return changed(doc, addenda, entry);
    }
    let statement = Statement::from_bytes(entry.kind, &entry.payload).ok()?;
    let mut said = line("", entry);
    match statement {
        Statement::Submission(_) => said.code.push_str("submitted"),
        Statement::Withdrawal(withdrawal) => {
            said.code.push_str("withdrawn");
            said.text = Some(withdrawal.reason);
        }
        Statement::Review(review) => {
            said.code.push_str(match review.verdict {
                ReviewVerdict::Approve => "approved",
                ReviewVerdict::Return => "returned",
                ReviewVerdict::Escalate => "escalated",
            });
            (said.text, said.reasons) = (review.text, review.reasons);
        }
        Statement::Share(share) => {
            said.code
                .push_str(if share.ended { "unshared" } else { "shared" });
        }
        Statement::ScopeChange(change) => {
            said.code.push_str("moved");
            said.text = Some(change.reason);
        }
        Statement::LogNumber(log) => {
            said.code.push_str("log_number");
            said.text = Some(log.number);
        }
        Statement::Release(ruling) => {
            said.code.push_str("released");
            said.text = Some(ruling.reason);
        }
        Statement::Uphold(ruling) => {
            said.code.push_str("upheld");
            said.text = Some(ruling.reason);
        }
        Statement::ReceiptGiven(_)
        | Statement::Consultation(_)
        | Statement::DraftDiscarded(_)
        | Statement::Notice(_) => return None,
    }
    Some(said)
}

/// A change is the first writing, an addition, or a correction. An addition bears the time of
/// its change; comparing versions, which costs a reading of the whole record each, is left
/// for the others.
fn changed(doc: &RecordDoc, addenda: &[Addendum], entry: &EntryRow) -> Option<TimelineView> {
    let hash = entry.change.filter(|_| entry.is_in())?;
    if entry.deps == [genesis(doc.kind()).hash] {
        return Some(line("written", entry));
    }
    if let Some(added) = addenda.iter().find(|it| it.at == entry.at) {
        return Some(TimelineView {
            text: Some(added.text.clone()),
            ..line("added", entry)
        });
    }
    let (before, after) = (doc.at(&entry.deps).ok()?, doc.at(&[hash]).ok()?);
    let added = after.addenda.iter().find(|it| !before.addenda.contains(it));
    let more = added.is_some() || after.photos.len() > before.photos.len();
    let mut said = line(if more { "added" } else { "changed" }, entry);
    said.text = added.map(|addendum| addendum.text.clone());
    Some(said)
}

/// When the server received what the officer submitted.
fn received(own: bool, entry: &EntryRow) -> Option<TimelineView> {
    let at = entry.received_at.filter(|_| own && entry.accepted())?;
    (entry.kind == EntryKind::Submission).then(|| TimelineView {
        device_time: at.0,
        ..line("received", entry)
    })
}

/// What became of an entry that was not let in.
fn refused(entry: &EntryRow) -> Option<TimelineView> {
    let code = match entry.verdict {
        VerdictState::Quarantined => "held",
        VerdictState::Rejected | VerdictState::Upheld => "not_accepted",
        VerdictState::None
        | VerdictState::Accepted
        | VerdictState::Parked
        | VerdictState::Superseded => return None,
    };
    let at = entry.received_at.unwrap_or(UnixMs(entry.at.0));
    Some(TimelineView {
        device_time: at.0,
        reasons: entry.reason.iter().cloned().collect(),
        ..line(code, entry)
    })
}

/// The heads of a version: those of the first so many changes, each after those it follows.
pub(super) fn heads_of_version(doc: &RecordDoc, number: u32) -> Option<Vec<ChangeHash>> {
    let changes = doc.changes();
    let first = changes.get(..usize::try_from(number).ok()?)?;
    let deps: BTreeSet<_> = first.iter().flat_map(|change| change.deps.iter()).collect();
    let heads = first
        .iter()
        .map(|change| change.hash)
        .filter(|hash| !deps.contains(hash));
    let heads: Vec<_> = heads.collect();
    (!heads.is_empty()).then_some(heads)
}
