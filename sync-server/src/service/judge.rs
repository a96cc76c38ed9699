//! Judging: sittings of bounded length, in which the logs have their turns. What is decided of
//! one entry is in [`decide`](super::decide).

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use shared::area::Areas;
use shared::codes::CodeLists;
use shared::doc::Schema;
use shared::ids::{LogId, RecordId};
use shared::wire::VerdictCode;

use super::decide::{Facts, Unreadable, decide};
use super::hot::{Hot, Warm};
use super::{Moved, Server, ServerError, lock};
use crate::store::{Answer, Case, Judge, Judged, Outcome, Sitting, Staging, Turn, WaitsOn};

/// Bytes of all accepted entries of one record. Its whole history goes into one answer, to
/// everybody who is given the record: more than an answer may hold would stop them for good.
pub(super) const RECORD_BYTES: u64 = 8 << 20;
/// What one log is judged before the next has its turn.
const TURN: Turn = Turn {
    entries: 32,
    bytes: 64 << 10,
};
/// What may be parked for want of what it builds on.
pub(super) const STAGING: Staging = Staging {
    device_entries: 10_000,
    device_bytes: 20 << 20,
    all_bytes: 256 << 20,
};

/// Bytes of one device that may wait for judgement. A device's whole outbox of a week is less.
pub(super) const PENDING_BYTES: u64 = 64 << 20;

/// What the judge keeps between two sittings.
#[derive(Default)]
pub(super) struct Chair {
    hot: Hot,
    /// The log that had its turn last.
    last: Option<LogId>,
}

impl Server {
    /// Judges the next received entry; false if none waits.
    pub fn judge_next(&self) -> Result<bool, ServerError> {
        Ok(self.judge_some(1, &mut || true)? > 0)
    }

    /// Judges so many received entries at most, and fewer if it is not to go on, in one unit of
    /// work; gives how many.
    pub fn judge_some(
        &self,
        most: u32,
        goes_on: &mut dyn FnMut() -> bool,
    ) -> Result<u64, ServerError> {
        let mut chair = lock(&self.judging);
        let mut judged = self.sit(&mut chair, most, goes_on)?;
        if judged.entries == 0 && self.store.unstage(&self.config.staging)? > 0 {
            judged = self.sit(&mut chair, most, goes_on)?;
        }
        drop(chair);
        if judged.failed > 0 {
            metrics::counter!("beatbook_judge_set_aside_total").increment(judged.failed);
        }
        if let Some(position) = judged.position {
            self.tell_feed(position, judged.scopes.into_iter().collect());
        }
        for log in judged.mail {
            self.tell(Moved::Mail(log));
        }
        if judged.reference {
            self.tell(Moved::Reference);
        }
        Ok(judged.entries)
    }

    fn sit(
        &self,
        chair: &mut Chair,
        most: u32,
        goes_on: &mut dyn FnMut() -> bool,
    ) -> Result<Judged, ServerError> {
        let sitting = Sitting {
            entries: most,
            turn: TURN,
            after: chair.last,
            staging: self.config.staging,
        };
        let mut bench = Bench {
            hot: &mut chair.hot,
            made: HashMap::new(),
            lists: self.lists()?,
            areas: self.areas()?,
            schema: self.config.schema,
            goes_on,
        };
        let judged = self.store.judge(&sitting, &mut bench, self.env.now())?;
        // It is committed: what was made of the documents is so.
        for (record, warm) in std::mem::take(&mut bench.made) {
            bench.hot.put(record, warm);
        }
        chair.last = judged.last.or(chair.last);
        Ok(judged)
    }
}

/// Decides the cases of one sitting.
struct Bench<'a> {
    hot: &'a mut Hot,
    /// Documents as this sitting made them.
    made: HashMap<RecordId, Warm>,
    lists: Arc<CodeLists>,
    areas: Option<Arc<Areas>>,
    schema: Schema,
    goes_on: &'a mut dyn FnMut() -> bool,
}

impl Bench<'_> {
    /// The document of the case's record, if it is at hand as the case has it.
    fn at_hand(&mut self, case: &Case) -> Option<Warm> {
        let (record, id) = case.record.as_ref().zip(case.header.subject)?;
        let made = self.made.remove(&id);
        let made = made.filter(|warm| warm.changes == record.changes);
        made.or_else(|| self.hot.take(id))
            .filter(|warm| warm.changes == record.changes)
    }
}

impl Judge for Bench<'_> {
    fn knows(&self, record: RecordId, changes: u32) -> bool {
        let made = self.made.get(&record);
        made.is_some_and(|warm| warm.changes == changes) || self.hot.knows(record, changes)
    }

    fn decide(&mut self, case: &Case) -> Answer {
        let mut facts = Facts {
            doc: self.at_hand(case),
            lists: &self.lists,
            areas: self.areas.as_deref(),
            schema: self.schema,
        };
        // The guard catches what Automerge does. This is for what we got wrong ourselves: one
        // entry is set aside, and the others go on.
        let decided = catch_unwind(AssertUnwindSafe(|| decide(case, &mut facts)));
        if let Some((warm, id)) = facts.doc.take().zip(case.header.subject)
            && decided.is_ok()
        {
            self.made.insert(id, warm);
        }
        match decided {
            Ok(Ok(outcome)) => Answer::Rule(outcome),
            Ok(Err(Unreadable)) if case.history.is_none() => {
                tracing::error!("a snapshot is made again from its changes");
                Answer::History
            }
            // What this one builds on is lost until somebody mends it. The next start tries
            // again, and until then the other records go on.
            Ok(Err(Unreadable)) => {
                tracing::error!(entry = %case.id, "the changes of a record do not read");
                let missing = VerdictCode::MissingDependency;
                Answer::Rule(Outcome::Park(missing, WaitsOn::Nothing))
            }
            Err(_) => Answer::Rule(Outcome::Reject(VerdictCode::Guard, "judge_panicked")),
        }
    }

    fn goes_on(&mut self) -> bool {
        (self.goes_on)()
    }
}
