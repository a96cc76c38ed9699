//! The world, and what can happen in it.

use std::sync::Arc;

use shared::ids::{BootId, Epoch};
use vfs::Lose;

use app_core::sync::SyncOutcome;

use crate::check::{Ledger, at_each_step, nothing_waits_for_what_is_here, versions, when_quiet};
use crate::clock::{NodeClock, Timeline};
use crate::device::DeviceNode;
use crate::dice::Dice;
use crate::fault::{Climate, Fault, Struck};
use crate::hostile::Hostile;
use crate::link::Link;
use crate::people::{officer_acts, sergeant_acts};
use crate::server::ServerNode;
use crate::strike::copies::Copies;

/// How many officers a world has, beside their sergeant.
pub(crate) const OFFICERS: usize = 2;
/// The sergeant's collar number.
pub(crate) const SERGEANT: &str = "2000";

/// Something that must hold and does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// What must hold.
    pub rule: &'static str,
    /// What was found.
    pub found: String,
}

/// What a run came to.
#[derive(Debug)]
pub struct Report {
    /// The seed.
    pub seed: u64,
    /// Steps taken.
    pub steps: u64,
    /// What did not hold, if anything.
    pub violation: Option<Violation>,
    /// What happened, step by step.
    pub trace: Vec<String>,
    /// Which faults struck.
    pub struck: Struck,
}

/// Several devices, one server, and everything that happens to them.
pub struct World {
    pub(crate) server: ServerNode,
    pub(crate) devices: Vec<DeviceNode>,
    pub(crate) hostile: Hostile,
    pub(crate) dice: Dice,
    pub(crate) ledger: Ledger,
    pub(crate) climate: Climate,
    pub(crate) struck: Struck,
    pub(crate) timeline: Timeline,
    pub(crate) copies: Copies,
    /// The server's lineage, once it is not the first any more.
    pub(crate) epoch: Option<Epoch>,
    pub(crate) seed: u64,
    /// Chance of its own for updates: other seeds keep their worlds.
    pub(crate) updates: Dice,
    /// The server is not started otherwise from here on.
    pub(crate) server_stays: bool,
    /// What somebody found in the middle of a step.
    pub(crate) doubt: Option<Violation>,
    boots: u64,
    trace: Vec<String>,
}

/// Runs one world and says what it came to.
pub fn run(seed: u64, steps: u64) -> Report {
    run_without(seed, steps, &[])
}

/// The same, where some faults never happen: to find out which of them a violation needs.
pub fn run_without(seed: u64, steps: u64, faults: &[Fault]) -> Report {
    vfs::seed_sqlite(u32::try_from(seed % u64::from(u32::MAX)).unwrap_or(1));
    let mut world = match World::new(seed) {
        Ok(world) => world,
        Err(found) => return Report::failed(seed, found),
    };
    world.climate = std::mem::replace(&mut world.climate, Climate::calm()).without(faults);
    let mut taken = 0;
    let mut outcome = Ok(());
    while taken < steps && outcome.is_ok() {
        taken += 1;
        world.struck.step(taken);
        // A server that starts looks again at all that waits, and hides what would never have
        // been looked at: in every other world it lives on from here.
        if seed % 2 == 1 && taken == steps / 2 {
            let climate = std::mem::replace(&mut world.climate, Climate::calm());
            world.climate = climate.without(Fault::ENDS_THE_SERVER);
            world.server_stays = true;
        }
        outcome = world
            .somebody_updates()
            .and_then(|()| world.step())
            .and_then(|()| at_each_step(&mut world));
    }
    let outcome = outcome
        .and_then(|()| world.settle())
        .and_then(|()| when_quiet(&world));
    Report {
        seed,
        steps: taken,
        violation: outcome.err(),
        struck: world.struck,
        trace: world.trace,
    }
}

impl Report {
    fn failed(seed: u64, found: String) -> Self {
        let violation = Some(Violation {
            rule: "a world begins",
            found,
        });
        Self {
            seed,
            steps: 0,
            violation,
            trace: Vec::new(),
            struck: Struck::default(),
        }
    }
}

impl World {
    /// Everybody enrolled, signed in, and connected.
    pub fn new(seed: u64) -> Result<Self, String> {
        let timeline = Timeline::new();
        let boot = BootId::from_bytes([0; 16]);
        let clock = Arc::new(NodeClock::new(timeline.clone(), boot));
        let server = ServerNode::new(seed, clock, Dice::new(seed, 1))?;
        server.add_team(OFFICERS)?;
        let running = server.server().ok_or("the server is not running")?;
        let hostile = Hostile::enrol(&running, Dice::new(seed, 4))?;
        let mut world = Self {
            server,
            devices: Vec::new(),
            hostile,
            dice: Dice::new(seed, 0),
            ledger: Ledger::default(),
            climate: Climate::calm(),
            struck: Struck::default(),
            timeline,
            copies: Copies::default(),
            epoch: None,
            seed,
            updates: Dice::new(seed, 5),
            server_stays: false,
            doubt: None,
            boots: 0,
            trace: Vec::new(),
        };
        for n in 1..=OFFICERS {
            world.enrol(&collar(n))?;
        }
        world.enrol(SERGEANT)?;
        world.climate = Climate::draw(&Dice::new(seed, 3));
        world.character();
        world.begins_updated()?;
        Ok(world)
    }

    /// Gives somebody one device more, over a clear link.
    fn enrol(&mut self, collar: &str) -> Result<(), String> {
        let index = self.devices.len();
        let part = 10 + u64::try_from(index).unwrap_or(0);
        let running = self.server.server().ok_or("the server is not running")?;
        let code = running.new_enrolment(collar).map_err(|e| e.to_string())?;
        let clock = Arc::new(NodeClock::new(self.timeline.clone(), self.boot()));
        let dice = Dice::new(self.seed, part);
        let mut link = self.link(None);
        link.climate = Climate::calm();
        let mut node = DeviceNode::enrol(collar, code.code, &link, self.seed ^ part, clock, dice)?;
        let newest = self.newest();
        if newest != node.schema() {
            node.update(newest);
            node.start()?;
        }
        self.devices.push(node);
        // A server that never heard of a device takes nothing from it.
        self.copies.server.clear();
        Ok(())
    }

    /// A boot that no other is.
    pub(crate) fn boot(&mut self) -> BootId {
        self.boots += 1;
        let mut boot = [0; 16];
        boot[..8].copy_from_slice(&self.boots.to_be_bytes());
        BootId::from_bytes(boot)
    }

    /// Lets one thing happen.
    fn step(&mut self) -> Result<(), Violation> {
        let pause = i64::try_from(self.dice.below(30_000)).unwrap_or(0);
        self.timeline.pass(pause);
        let count = u64::try_from(self.devices.len()).unwrap_or(1);
        let device = usize::try_from(self.dice.below(count)).unwrap_or(0);
        let whole = Fault::IN_A_STEP.iter();
        let faults: u64 = whole.clone().map(|it| self.climate.of(*it)).sum();
        let mut drawn = self.dice.below(100 + faults);
        for fault in whole {
            let weight = self.climate.of(*fault);
            if drawn < weight {
                return self.strike(*fault, device);
            }
            drawn -= weight;
        }
        match drawn {
            0..=39 => self.person_acts(device),
            40..=74 => self.sync(device),
            75..=93 => self.judge(),
            94..=96 => self.copy_something(device),
            _ => self.timeline.pass(3_600_000),
        }
        Ok(())
    }

    pub(crate) fn person_acts(&mut self, device: usize) {
        if self.devices[device].core().is_none() && self.dice.percent(30) {
            let opened = self.devices[device].start();
            return self.note(device, &format!("is unlocked: {opened:?}"));
        }
        let node = &self.devices[device];
        let note = if node.collar == SERGEANT {
            sergeant_acts(node, device, &self.dice, &mut self.ledger)
        } else {
            officer_acts(node, device, &self.dice, &mut self.ledger)
        };
        self.note(device, &note);
    }

    pub(crate) fn sync(&mut self, device: usize) {
        let link = self.link(Some(device));
        if let Some(outcome) = self.devices[device].send_spool(&link) {
            return self.note(device, &format!("sends what is sealed: {outcome:?}"));
        }
        let (before, log) = (self.devices[device].progress(), self.devices[device].log);
        let outcome = self.devices[device].sync(&link);
        self.note(device, &format!("syncs: {outcome:?}"));
        // An older answer may be of before it grew too old.
        let stale = self.climate.of(Fault::AnswerStale) > 0;
        if link.old && !stale && matches!(outcome, Some(SyncOutcome::Idle)) {
            self.doubt = versions::an_older_app(&self.devices[device], before, log).err();
        }
    }

    /// The server judges a few of the entries that wait.
    pub(crate) fn judge(&mut self) {
        let Some(server) = self.server.server() else {
            return;
        };
        let mut judged = 0;
        for _ in 0..=self.dice.below(6) {
            match server.judge_next() {
                Ok(true) => judged += 1,
                Ok(false) => break,
                Err(error) => return self.tell(&format!("server cannot judge: {error}")),
            }
        }
        self.tell(&format!("server judges {judged}"));
    }

    /// The way of a device to the server; of none, the way of somebody at the server.
    pub(crate) fn link(&self, device: Option<usize>) -> Link {
        let node = device.and_then(|device| self.devices.get(device));
        let connected = node.is_none_or(|node| node.connected);
        Link {
            server: self.server.server().filter(|_| connected),
            disk: self.server.disk.clone(),
            climate: self.climate.clone(),
            dice: self.dice.clone(),
            timeline: self.timeline.clone(),
            struck: self.struck.clone(),
            wire: node.map(|node| node.wire.clone()).unwrap_or_default(),
            old: node.is_some_and(|node| node.old),
        }
    }

    /// Starts an app anew after its end, and with it the device where its power had gone.
    pub(crate) fn start_device(&mut self, device: usize, lose: Lose) -> Result<(), Violation> {
        let boot = self.boot();
        let node = &mut self.devices[device];
        if lose != Lose::Nothing {
            node.clock.reboot(boot);
        }
        node.start().map_err(|found| Violation {
            rule: "a device starts after any death",
            found,
        })
    }

    /// Starts the server anew after its end. It looks again at all that waits, and would hide what
    /// it had forgotten.
    pub(crate) fn start_server(&mut self) -> Result<(), Violation> {
        nothing_waits_for_what_is_here(self)?;
        self.server.start().map_err(|found| Violation {
            rule: "the server starts after any death",
            found,
        })
    }

    /// Gives somebody another device, if the server is there to do it.
    pub(crate) fn late_device(&mut self) -> Result<(), Violation> {
        let collars = [collar(1), collar(2), SERGEANT.to_owned()];
        let Some(collar) = self.dice.pick(&collars) else {
            return Ok(());
        };
        if self.ledger.is_ended(collar) {
            return Ok(());
        }
        self.enrol(collar).map_err(|found| Violation {
            rule: "somebody can sign in on another device",
            found,
        })
    }

    pub(crate) fn note(&mut self, device: usize, what: &str) {
        let node = self.devices.get(device);
        let name = node.map_or("?", |node| node.name.as_str());
        let line = format!("{} {name} {what}", self.timeline.now());
        self.trace.push(line);
    }

    pub(crate) fn tell(&mut self, what: &str) {
        self.trace.push(format!("{} {what}", self.timeline.now()));
    }
}

/// The collar number of an officer.
pub(crate) fn collar(n: usize) -> String {
    format!("100{n}")
}
