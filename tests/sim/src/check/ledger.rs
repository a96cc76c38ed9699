//! What people were told, kept outside the world so that nothing in it can forget it.

use std::collections::{BTreeMap, BTreeSet};

use shared::ids::{EntryId, LogId, RecordId, Seq};
use shared::wire::Cursors;

/// Words that an app said it had saved.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    pub(crate) log: LogId,
    pub(crate) record: String,
    pub(crate) mark: String,
}

/// A review that somebody signed, whether the app could say so or not.
#[derive(Debug, Clone)]
pub(crate) struct Reviewed {
    pub(crate) record: String,
    pub(crate) heads: Vec<String>,
    pub(crate) approved: bool,
}

/// What people were told.
#[derive(Debug, Default)]
pub struct Ledger {
    marks: u64,
    pub(crate) written: Vec<Written>,
    pub(crate) drafts: Vec<Written>,
    /// Photos by their SHA-256 in place of words.
    pub(crate) photos: Vec<Written>,
    pub(crate) reviews: Vec<Reviewed>,
    pub(crate) received: BTreeMap<LogId, Seq>,
    /// Records that were seen on a device.
    pub(crate) seen: BTreeSet<(LogId, RecordId)>,
    ended: BTreeSet<String>,
    held: BTreeMap<LogId, Option<Seq>>,
    pub(crate) revoked: Option<(LogId, Cursors)>,
}

impl Ledger {
    /// A text that nobody has written before.
    pub(crate) fn mark(&mut self) -> String {
        self.marks += 1;
        format!("mark-{:06}", self.marks)
    }

    /// The app said that this was saved.
    pub(crate) fn wrote(&mut self, log: LogId, record: &str, mark: String) {
        let record = record.to_owned();
        self.written.push(Written { log, record, mark });
    }

    /// The app said that this was kept as a draft.
    pub(crate) fn drafted(&mut self, log: LogId, record: String, mark: String) {
        self.drafts.push(Written { log, record, mark });
    }

    /// The app said that this photo was kept.
    pub(crate) fn photographed(&mut self, log: LogId, record: &str, sha256: String) {
        let record = record.to_owned();
        let mark = sha256;
        self.photos.push(Written { log, record, mark });
    }

    /// The app shows that everything of its log up to here was received.
    pub(crate) fn told_received(&mut self, id: EntryId) {
        let last = self.received.entry(id.log).or_insert(id.seq);
        *last = id.seq.max(*last);
    }

    /// An account ended.
    pub(crate) fn ended(&mut self, collar: String) {
        self.ended.insert(collar);
    }

    /// True if the account has ended.
    pub(crate) fn is_ended(&self, collar: &str) -> bool {
        self.ended.contains(collar)
    }

    /// What a log brings after this place is held for a person.
    pub(crate) fn held_after(&mut self, log: LogId, received: Option<Seq>) {
        self.held.entry(log).or_insert(received);
    }

    /// True if what the log brings now is held for a person.
    pub(crate) fn is_held(&self, log: LogId) -> bool {
        self.held.contains_key(&log)
    }

    /// True if this entry is held for a person.
    pub(crate) fn holds(&self, id: EntryId) -> bool {
        let after = self.held.get(&id.log);
        after.is_some_and(|after| after.is_none_or(|last| id.seq > last))
    }

    /// A device was revoked when it had come so far.
    pub(crate) fn revoked(&mut self, log: LogId, cursors: Option<Cursors>) {
        self.revoked = cursors.map(|cursors| (log, cursors));
    }

    /// True if a device was revoked.
    pub(crate) fn any_revoked(&self) -> bool {
        self.revoked.is_some()
    }
}
