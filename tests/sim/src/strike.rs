//! What each fault does to a world.

pub(crate) mod copies;
mod custody;
pub(crate) mod force;
mod schema;
pub(crate) mod staff;

use vfs::{Faults, Lose};

use crate::fault::Fault;
use crate::world::{Violation, World};

/// A year, in milliseconds.
const YEAR_MS: i64 = 365 * 24 * 3_600_000;
/// Longer than any session lasts.
const WEEKS_MS: i64 = 60 * 24 * 3_600_000;
/// How many devices a world may come to have.
pub(crate) const DEVICES_MAX: usize = 6;
/// Operations of a disk within which an armed end strikes.
const SOON: u64 = 12;

impl Fault {
    /// Those that take a step of their own; the others are the network's.
    pub(crate) const IN_A_STEP: &[Self] = &[
        Self::Partition,
        Self::Killed,
        Self::KilledInWrite,
        Self::PowerCut,
        Self::TornWrite,
        Self::DiskFails,
        Self::DiskFull,
        Self::ServerKilled,
        Self::ServerKilledInWrite,
        Self::ServerPowerCut,
        Self::ServerTornWrite,
        Self::ServerDiskFails,
        Self::ServerDiskFull,
        Self::ClockJump,
        Self::ServerClockJump,
        Self::SessionsEnd,
        Self::LateDevice,
        Self::AuthorityMoves,
        Self::AccountEnds,
        Self::DeviceRevoked,
        Self::DeviceRestored,
        Self::DeviceCloned,
        Self::ServerRestored,
        Self::PostingMoves,
        Self::Poison,
        Self::Locked,
        Self::TooOld,
        Self::Erased,
        Self::SettingsChange,
        Self::ListsChange,
    ];
}

impl World {
    /// Lets a fault strike, a device where it is of one.
    pub(crate) fn strike(&mut self, fault: Fault, device: usize) -> Result<(), Violation> {
        match fault {
            Fault::Partition => self.partition(device),
            Fault::Killed => {
                self.devices[device].kill();
                self.hit(fault, Some(device));
                return self.start_device(device, Lose::Nothing);
            }
            Fault::KilledInWrite => return self.device_ends(fault, Lose::Nothing, device),
            Fault::PowerCut => return self.device_ends(fault, Lose::All, device),
            Fault::TornWrite => return self.device_ends(fault, Lose::Torn, device),
            Fault::DiskFails | Fault::DiskFull => self.disk_fails(fault, device),
            Fault::ServerKilled => {
                self.server.kill();
                self.hit(fault, None);
                return self.start_server();
            }
            Fault::ServerKilledInWrite => return self.server_ends(fault, Lose::Nothing, device),
            Fault::ServerPowerCut => return self.server_ends(fault, Lose::All, device),
            Fault::ServerTornWrite => return self.server_ends(fault, Lose::Torn, device),
            Fault::ServerDiskFails | Fault::ServerDiskFull => self.server_disk(fault, device),
            Fault::ClockJump => {
                let years = self.years();
                self.devices[device].clock.jump(years * YEAR_MS);
                self.hit(fault, Some(device));
            }
            Fault::ServerClockJump => {
                let years = if self.dice.percent(50) {
                    self.years()
                } else {
                    0
                };
                self.server.clock.jump(years * YEAR_MS);
                self.hit(fault, None);
            }
            Fault::SessionsEnd => {
                self.timeline.pass(WEEKS_MS);
                self.hit(fault, None);
            }
            Fault::LateDevice if self.devices.len() < DEVICES_MAX => {
                self.hit(fault, None);
                return self.late_device();
            }
            Fault::LateDevice => {}
            Fault::AuthorityMoves => self.authority_moves(),
            Fault::AccountEnds => self.account_ends(),
            Fault::DeviceRevoked => self.device_revoked(device),
            Fault::DeviceRestored => return self.device_restored(device),
            Fault::DeviceCloned => return self.device_cloned(device),
            Fault::ServerRestored => return self.server_restored(),
            Fault::PostingMoves => self.posting_moves(),
            Fault::Locked => self.locked(device),
            Fault::TooOld => self.too_old(device),
            Fault::Erased => self.record_erased(device),
            Fault::SettingsChange => return self.settings_change(),
            Fault::ListsChange => return self.lists_change(),
            Fault::Poison => {
                let Some(server) = self.server.server() else {
                    return Ok(());
                };
                let what = self.hostile.act(&server, &self.dice);
                self.struck.hit(fault);
                self.tell(&format!("the hostile device {what}"));
            }
            _ => {}
        }
        Ok(())
    }

    pub(crate) fn hit(&mut self, fault: Fault, device: Option<usize>) {
        self.struck.hit(fault);
        match device {
            Some(device) => self.note(device, &format!("[{}]", fault.name())),
            None => self.tell(&format!("[{}]", fault.name())),
        }
    }

    fn years(&self) -> i64 {
        i64::try_from(self.dice.below(21)).unwrap_or(0) - 10
    }

    fn soon(&self) -> u32 {
        u32::try_from(1 + self.dice.below(SOON)).unwrap_or(1)
    }

    fn partition(&mut self, device: usize) {
        let node = &mut self.devices[device];
        node.connected = !node.connected;
        if node.connected {
            self.note(device, "has a network again");
        } else {
            self.hit(Fault::Partition, Some(device));
        }
    }

    /// Something goes on at a device, or between it and the server.
    fn goes_on(&mut self, device: usize) {
        match self.dice.below(3) {
            0 => self.person_acts(device),
            _ => self.sync(device),
        }
    }

    /// The app ends in the middle of one of its next writes.
    fn device_ends(&mut self, fault: Fault, lose: Lose, device: usize) -> Result<(), Violation> {
        self.devices[device].disk.cut_in(self.soon(), lose);
        self.goes_on(device);
        if !self.devices[device].disk.is_off() {
            self.devices[device].disk.disarm();
            return Ok(());
        }
        self.hit(fault, Some(device));
        self.start_device(device, lose)
    }

    /// The server ends in the middle of one of its next writes.
    fn server_ends(&mut self, fault: Fault, lose: Lose, device: usize) -> Result<(), Violation> {
        self.server.disk.cut_in(self.soon(), lose);
        match self.dice.below(3) {
            0 => self.judge(),
            _ => self.sync(device),
        }
        if !self.server.disk.is_off() {
            self.server.disk.disarm();
            return Ok(());
        }
        self.hit(fault, None);
        self.start_server()
    }

    fn faults(&self, full: bool) -> Faults {
        let mut faults = Faults::default();
        if full {
            faults.full_after_bytes = Some(self.dice.below(16_384));
        } else if self.dice.percent(50) {
            faults.fail_write_in = Some(self.soon());
        } else {
            faults.fail_sync_in = Some(1 + self.soon() / 4);
        }
        faults
    }

    /// The next write or sync fails, or the disk is full, for one act.
    fn disk_fails(&mut self, fault: Fault, device: usize) {
        let disk = self.devices[device].disk.clone();
        let before = disk.fired();
        disk.set_faults(self.faults(fault == Fault::DiskFull));
        self.goes_on(device);
        disk.disarm();
        if disk.fired() != before {
            self.hit(fault, Some(device));
        }
    }

    fn server_disk(&mut self, fault: Fault, device: usize) {
        let disk = self.server.disk.clone();
        let before = disk.fired();
        disk.set_faults(self.faults(fault == Fault::ServerDiskFull));
        match self.dice.below(3) {
            0 => self.judge(),
            _ => self.sync(device),
        }
        disk.disarm();
        if disk.fired() != before {
            self.hit(fault, None);
        }
    }
}
