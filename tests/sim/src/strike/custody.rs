//! What happens to apps and records while people are at work: a device is locked, an app grows too
//! old, a record is erased.

use shared::ids::RecordId;

use crate::fault::Fault;
use crate::world::World;

impl World {
    /// The officer locks the device.
    pub(super) fn locked(&mut self, device: usize) {
        let node = &mut self.devices[device];
        if node.core().is_some() {
            node.lock();
            self.hit(Fault::Locked, Some(device));
        }
    }

    /// The server gives no news any more to an app of this version, or the app is upgraded.
    pub(super) fn too_old(&mut self, device: usize) {
        let node = &mut self.devices[device];
        node.old = !node.old;
        if node.old {
            self.hit(Fault::TooOld, Some(device));
        } else {
            self.note(device, "is upgraded");
        }
    }

    /// One of the records that somebody honest wrote, and the device holds, is erased.
    pub(super) fn record_erased(&mut self, device: usize) {
        let (Some(server), Some(core)) = (self.server.server(), self.devices[device].core()) else {
            return;
        };
        let held = core.record_ids().unwrap_or_default();
        let written = |id: &RecordId| {
            let id = id.to_string();
            self.ledger.written.iter().any(|it| it.record == id)
        };
        let erased = &self.ledger.erased;
        let able: Vec<_> = held
            .into_iter()
            .filter(|id| written(id) && !erased.contains(id))
            .collect();
        let Some(&record) = self.dice.pick(&able) else {
            return;
        };
        match server.erase(record, "Asked for.", "Sample") {
            Ok(_) => {
                self.ledger.erased.insert(record);
                self.tell(&format!("{record} is erased"));
                self.hit(Fault::Erased, None);
            }
            // It was never received.
            Err(error) => self.tell(&format!("{record} is not erased: {error}")),
        }
    }
}
