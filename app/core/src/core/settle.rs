//! What a transaction leaves to be brought up to date at its end, each record once.

use std::collections::BTreeSet;

use rusqlite::Connection;
use shared::ids::RecordId;

use super::context::Context;
use super::{CoreError, feed, project, rebuild};

/// Records whose rows have to be brought up to date.
#[derive(Debug, Default)]
pub(super) struct Touched {
    /// Only the states.
    pub(super) states: BTreeSet<RecordId>,
    /// The document too: something has to be let in. With it everything else.
    pub(super) documents: BTreeSet<RecordId>,
    /// The document has to be made anew: something has to be kept out, or let in after all.
    pub(super) anew: BTreeSet<RecordId>,
}

impl Touched {
    pub(super) fn forget(&mut self, id: RecordId) {
        self.states.remove(&id);
        self.documents.remove(&id);
        self.anew.remove(&id);
    }

    /// Brings everything up to date; true if there was anything. Gives the records whose
    /// document was made anew: actors that wrote them before write them no more, since their
    /// last changes may not be in it.
    pub(super) fn settle(
        self,
        tx: &Connection,
        context: &Context,
    ) -> Result<(bool, BTreeSet<RecordId>), CoreError> {
        let any = !(self.states.is_empty() && self.documents.is_empty() && self.anew.is_empty());
        let mut anew = self.anew;
        for id in &self.documents {
            whole(feed::open(tx, context, *id))?;
            if rebuild::is_due(tx, *id)? {
                anew.insert(*id);
            }
        }
        for id in &anew {
            whole(rebuild::rebuild(tx, context, *id))?;
        }
        for id in &self.states {
            if !self.documents.contains(id) && !anew.contains(id) {
                whole(project::states(tx, context, *id))?;
            }
        }
        Ok((any, anew))
    }
}

/// One record whose stored rows are damaged must not keep all others from coming in. What was
/// sent of it is kept beside, and opened when it can be.
fn whole(done: Result<(), CoreError>) -> Result<(), CoreError> {
    match done {
        Err(CoreError::Damaged(what)) => {
            tracing::error!(what, "a record is damaged and was passed over");
            Ok(())
        }
        other => other,
    }
}
