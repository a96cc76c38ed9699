//! What is held for a person: each with a reason of its own, or because of what it builds on.

use shared::ids::{EntryId, LogId, RecordId};

use super::Quiet;
use crate::device::DeviceNode;
use crate::server::Held;
use crate::world::SERGEANT;

/// The reason of what is held with something else.
const BUILDS_ON: &str = "builds_on_quarantined";

impl Quiet<'_> {
    /// True if what a device wrote in a record may be held for a person: the right to it ended
    /// while it was on its way.
    pub(super) fn may_be_held(&self, node: &DeviceNode, log: LogId, record: &str) -> bool {
        let ledger = &self.world.ledger;
        let unshared = (record.to_owned(), node.collar.clone());
        // A share that only a lost lineage of the server and a lost state of its author's device
        // had is no share any more.
        let lost = ledger.shared.contains(&unshared) && self.both_went_back();
        ledger.is_held(log)
            || ledger.is_ended(&node.collar)
            || ledger.unshared.contains(&unshared)
            || lost
            || (ledger.moved && node.collar == SERGEANT)
    }

    /// True if the server holds this entry, and rightly.
    pub(super) fn is_rightly_held(&self, record: RecordId, entry: EntryId) -> bool {
        let of_it = || self.held.get(&record).into_iter().flatten();
        of_it()
            .find(|it| it.id == entry)
            .is_some_and(|it| match it.code.as_str() {
                BUILDS_ON => of_it().any(|root| self.has_reason(record, root)),
                _ => self.has_reason(record, it),
            })
    }

    /// True if the server rightly holds something that this officer wrote in a record.
    pub(super) fn holds_words_of(&self, collar: &str, record: RecordId) -> bool {
        let of_it = self.held.get(&record).into_iter().flatten();
        let mut theirs = of_it.filter(|it| it.collar == collar);
        theirs.any(|it| self.is_rightly_held(record, it.id))
    }

    /// True if what is held is so for a reason of its own.
    fn has_reason(&self, record: RecordId, held: &Held) -> bool {
        let nodes = self.world.devices.iter();
        let mut theirs = nodes.filter(|it| it.collar == held.collar);
        held.code != BUILDS_ON
            && theirs.any(|it| self.may_be_held(it, held.id.log, &record.to_string()))
    }
}
