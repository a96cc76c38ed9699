//! Copies: a device or the server that goes back to an older state of itself, and a device that
//! comes to life twice.

use std::sync::Arc;

use shared::ids::{LogId, ReceivePos};
use vfs::Image;

use crate::check::Promised;
use crate::clock::NodeClock;
use crate::dice::Dice;
use crate::fault::Fault;
use crate::strike::DEVICES_MAX;
use crate::world::{OFFICERS, Violation, World};

/// Copies kept of each machine.
const COPIES: usize = 3;

/// How often each officer has a turn.
const TURNS: usize = 3;

/// A copy of a device.
struct DeviceCopy {
    device: usize,
    log: LogId,
    image: Image,
    promised: Promised,
}

/// What was copied away of the machines.
#[derive(Default)]
pub(crate) struct Copies {
    devices: Vec<DeviceCopy>,
    pub(crate) server: Vec<Image>,
}

impl World {
    /// Copies a machine away, for some later fault.
    pub(crate) fn copy_something(&mut self, device: usize) {
        if self.dice.percent(30) {
            if self.copies.server.len() == COPIES {
                self.copies.server.remove(0);
            }
            self.copies.server.push(self.server.disk.snapshot());
            self.tell("the server is copied");
            if self.dice.percent(30) {
                self.verify_backup();
            }
            return;
        }
        let node = &self.devices[device];
        if self.copies.devices.len() == COPIES {
            self.copies.devices.remove(0);
        }
        self.copies.devices.push(DeviceCopy {
            device,
            log: node.log,
            image: node.disk.snapshot(),
            promised: self.ledger.promised(),
        });
        self.note(device, "is copied");
    }

    /// The copy was verified: what it covers devices need not keep to offer it again, and no
    /// older one is restored from then on.
    fn verify_backup(&mut self) {
        let Some(server) = self.server.server() else {
            return;
        };
        if let Ok(covered) = server.cover(ReceivePos(u64::MAX)) {
            let newest = self.copies.server.pop();
            self.copies.server = newest.into_iter().collect();
            self.tell(&format!("it covers {covered}"));
        }
    }

    /// A device goes back to an older copy of itself. What only it had since is gone.
    pub(super) fn device_restored(&mut self, _: usize) -> Result<(), Violation> {
        // A copy from before a log was begun would begin it again.
        let logs: Vec<LogId> = self.devices.iter().map(|node| node.log).collect();
        self.copies
            .devices
            .retain(|copy| logs[copy.device] == copy.log);
        let count = u64::try_from(self.copies.devices.len()).unwrap_or(0);
        if count == 0 {
            return Ok(());
        }
        let chosen = usize::try_from(self.dice.below(count)).unwrap_or(0);
        let copy = self.copies.devices.remove(chosen);
        let device = copy.device;
        if self.server.server().is_none() {
            return Ok(());
        }
        let look = self.server.look().map_err(unreadable)?;
        // Where that cannot be told, the rules say so.
        let has = |words: &str| look.has_words(words).unwrap_or(true);
        self.ledger.forgets(device, copy.promised, has);
        self.ledger.known.remove(&device);
        self.ledger.chosen.clear();
        let log = self.devices[device].log;
        self.ledger.seen.retain(|(of, _)| *of != log);
        self.devices[device].kill();
        self.devices[device].disk.restore(&copy.image);
        self.hit(Fault::DeviceRestored, Some(device));
        self.start_device(device, vfs::Lose::All)
    }

    /// A second copy of a device comes to life beside it.
    pub(super) fn device_cloned(&mut self, device: usize) -> Result<(), Violation> {
        let node = &self.devices[device];
        // One credential of two devices is revoked for both: that is another story.
        let held = self.ledger.is_held(node.log) || self.ledger.is_ended(&node.collar);
        if self.devices.len() >= DEVICES_MAX || node.core().is_none() || held {
            return Ok(());
        }
        let part = 10 + u64::try_from(self.devices.len()).unwrap_or(0);
        let clock = Arc::new(NodeClock::new(self.timeline.clone(), self.boot()));
        let dice = Dice::new(self.seed, part);
        let copy = self.devices[device]
            .copy(self.seed ^ part, clock, dice)
            .map_err(|found| Violation {
                rule: "a copy of a device starts",
                found,
            })?;
        self.devices.push(copy);
        self.hit(Fault::DeviceCloned, Some(device));
        Ok(())
    }

    /// Officers write in turns in each other's records.
    fn in_turns(&mut self) {
        for _ in 0..TURNS {
            for device in 0..OFFICERS {
                self.sync(device);
                self.person_acts(device);
                self.person_acts(device);
                self.sync(device);
                self.judge();
            }
        }
    }

    /// The server goes back to an older copy of itself, and begins another lineage.
    pub(super) fn server_restored(&mut self) -> Result<(), Violation> {
        if self.ledger.together {
            let before = self.server.disk.snapshot();
            self.in_turns();
            self.copies.server.push(before);
        }
        let Some(image) = self.copies.server.pop() else {
            return Ok(());
        };
        self.copies.server.clear();
        let epoch = self.server.restore(&image).map_err(|found| Violation {
            rule: "a server begins another lineage on an older copy",
            found,
        })?;
        self.epoch = Some(epoch);
        self.hit(Fault::ServerRestored, None);
        self.start_server()?;
        let Some(server) = self.server.server() else {
            return Ok(());
        };
        let logs: Vec<LogId> = self.devices.iter().map(|node| node.log).collect();
        let look = self.server.look().map_err(unreadable)?;
        let has = |words: &str| look.has_words(words).unwrap_or(true);
        self.ledger.server_forgets(&logs, has);
        self.ledger.known.clear();
        self.hostile.forget(&server);
        self.force_went_back(&server)
    }
}

fn unreadable(found: String) -> Violation {
    Violation {
        rule: "the server's database reads",
        found,
    }
}
