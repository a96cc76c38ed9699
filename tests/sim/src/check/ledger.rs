//! What people were told, kept outside the world so that nothing in it can forget it.

use std::collections::{BTreeMap, BTreeSet};

use shared::ids::{EntryId, LogId, RecordId, Seq};

use crate::strike::force::Force;

/// Something that an app said it had saved.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    /// The how manieth thing it was that somebody was told.
    number: u64,
    /// The device, by its place in the world.
    pub(crate) device: usize,
    /// The last entry of its log then; what was saved is at or before it.
    pub(crate) last: EntryId,
    pub(crate) record: String,
    /// Words, or the SHA-256 of a photo.
    pub(crate) mark: String,
    /// The device went back to before it: only the server has it.
    gone_here: bool,
}

/// A review that somebody signed, whether the app could say so or not.
#[derive(Debug, Clone)]
pub(crate) struct Reviewed {
    pub(crate) record: String,
    pub(crate) heads: Vec<String>,
    pub(crate) approved: bool,
}

/// Who writes, as the ledger is told.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Writer {
    pub(crate) device: usize,
    pub(crate) last: EntryId,
}

/// What people were told.
#[derive(Debug, Default)]
pub struct Ledger {
    marks: u64,
    told: u64,
    pub(crate) written: Vec<Written>,
    pub(crate) drafts: Vec<Written>,
    pub(crate) photos: Vec<Written>,
    pub(crate) reviews: Vec<Reviewed>,
    /// Up to where each log was said to be received.
    pub(crate) received: BTreeMap<LogId, Seq>,
    /// Records that were seen on a device.
    pub(crate) seen: BTreeSet<(LogId, RecordId)>,
    /// Records that were ever shared, with the collar number of the colleague.
    pub(crate) shared: BTreeSet<(String, String)>,
    /// Shares that were taken back: what the colleague wrote at that time may be held.
    pub(crate) unshared: BTreeSet<(String, String)>,
    /// The sergeant's team, if it is another than at first.
    pub(crate) team: Option<&'static str>,
    /// The sergeant's posting has ever moved.
    pub(crate) moved: bool,
    /// Records that were erased.
    pub(crate) erased: BTreeSet<RecordId>,
    /// Somebody has ruled on what was held.
    pub(crate) ruled: bool,
    /// What each device was last known to have received.
    pub(crate) known: BTreeMap<usize, EntryId>,
    ended: BTreeSet<String>,
    held: BTreeMap<LogId, Option<Seq>>,
    /// Officers write in each other's records, in a world whose server goes back often.
    pub(crate) together: bool,
    /// What the force has decided, in a world where that changes.
    pub(crate) force: Option<Force>,
    /// What was chosen from a list for a field of a record.
    pub(crate) chosen: BTreeMap<(String, &'static str), String>,
    /// The device that was revoked, and what it held then.
    pub(crate) revoked: Option<(usize, BTreeSet<RecordId>)>,
}

impl Ledger {
    /// A text that nobody has written before.
    pub(crate) fn mark(&mut self) -> String {
        self.marks += 1;
        format!("mark-{:06}", self.marks)
    }

    /// The app said that this was saved.
    pub(crate) fn wrote(&mut self, writer: Writer, record: &str, mark: String) {
        let written = self.told(writer, record, mark);
        self.written.push(written);
    }

    /// The app said that this was kept as a draft.
    pub(crate) fn drafted(&mut self, writer: Writer, record: &str, mark: String) {
        let draft = self.told(writer, record, mark);
        self.drafts.push(draft);
    }

    /// The app said that a draft was submitted: its words are those of a record.
    pub(crate) fn submitted(&mut self, writer: Writer, record: &str) {
        let is_it = |it: &Written| it.device == writer.device && it.record == record;
        let Some(place) = self.drafts.iter().position(is_it) else {
            return;
        };
        let draft = self.drafts.remove(place);
        self.wrote(writer, record, draft.mark);
    }

    /// The app said that this photo was kept.
    pub(crate) fn photographed(&mut self, writer: Writer, record: &str, sha256: String) {
        let photo = self.told(writer, record, sha256);
        self.photos.push(photo);
    }

    /// The app shows that everything of its log up to here was received.
    pub(crate) fn told_received(&mut self, id: EntryId) {
        let last = self.received.entry(id.log).or_insert(id.seq);
        *last = id.seq.max(*last);
    }

    /// How much was promised so far.
    pub(crate) fn promised(&self) -> Promised {
        Promised(self.told)
    }

    fn told(&mut self, writer: Writer, record: &str, mark: String) -> Written {
        self.told += 1;
        Written {
            number: self.told,
            device: writer.device,
            last: writer.last,
            record: record.to_owned(),
            mark,
            gone_here: false,
        }
    }

    /// A device went back to an older state of itself: what it had kept since then, and nobody
    /// else has, is gone with it.
    pub(crate) fn forgets(&mut self, device: usize, then: Promised, has: impl Fn(&str) -> bool) {
        let since = |it: &Written| it.device == device && it.number > then.0;
        self.written.retain(|it| !since(it) || has(&it.mark));
        for it in self.written.iter_mut().filter(|it| since(it)) {
            it.gone_here = true;
        }
        self.photos.retain(|it| !since(it));
        self.drafts.retain(|it| !since(it));
    }

    /// The server went back to an older state of itself. What a device holds of its own log it
    /// offers again; what stood in a log that no device goes on with is lost where the server
    /// has it no more.
    pub(crate) fn server_forgets(&mut self, logs: &[LogId], has: impl Fn(&str) -> bool) {
        self.received.clear();
        self.written
            .retain(|it| !it.gone_here && logs.contains(&it.last.log) || has(&it.mark));
        self.photos.retain(|it| logs.contains(&it.last.log));
    }

    /// True if the record was erased.
    pub(crate) fn is_erased(&self, record: &str) -> bool {
        record.parse().is_ok_and(|id| self.erased.contains(&id))
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
}

/// How much was promised at some time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Promised(u64);
