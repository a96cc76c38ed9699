//! The world, and what can happen in it.

use std::sync::Arc;

use shared::ids::BootId;
use vfs::{Faults, Lose};

use crate::check::{Ledger, at_each_step, when_quiet};
use crate::clock::{NodeClock, Timeline};
use crate::device::DeviceNode;
use crate::dice::Dice;
use crate::link::{Fired, Link, Weather};
use crate::people::{officer_acts, sergeant_acts};
use crate::server::ServerNode;

/// How many officers a world has, beside their sergeant.
const OFFICERS: usize = 2;
/// Exchanges of each device that a quiet world may take to settle.
const ROUNDS_TO_SETTLE: usize = 40;

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
    /// How often each fault struck.
    pub struck: Vec<(&'static str, u64)>,
}

/// Several devices, one server, and everything that happens to them.
pub struct World {
    pub(crate) server: ServerNode,
    pub(crate) devices: Vec<DeviceNode>,
    pub(crate) dice: Dice,
    pub(crate) ledger: Ledger,
    timeline: Timeline,
    weather: Weather,
    network: Vec<bool>,
    fired: Arc<Fired>,
    trace: Vec<String>,
    crashes: u64,
    power_cuts: u64,
    jumps: u64,
    disk_faults: u64,
}

/// Runs one world and says what it came to.
pub fn run(seed: u64, steps: u64) -> Report {
    vfs::seed_sqlite(u32::try_from(seed % u64::from(u32::MAX)).unwrap_or(1));
    let mut world = match World::new(seed) {
        Ok(world) => world,
        Err(found) => return Report::failed(seed, found),
    };
    let mut taken = 0;
    let mut outcome = Ok(());
    while taken < steps && outcome.is_ok() {
        taken += 1;
        outcome = world.step().and_then(|()| at_each_step(&mut world));
    }
    let outcome = outcome
        .and_then(|()| world.settle())
        .and_then(|()| when_quiet(&world));
    Report {
        seed,
        steps: taken,
        violation: outcome.err(),
        struck: world.struck(),
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
            struck: Vec::new(),
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
        let mut world = Self {
            server,
            devices: Vec::new(),
            dice: Dice::new(seed, 0),
            ledger: Ledger::default(),
            timeline,
            weather: Weather::CLEAR,
            network: vec![true; OFFICERS + 1],
            fired: Arc::default(),
            trace: Vec::new(),
            crashes: 0,
            power_cuts: 0,
            jumps: 0,
            disk_faults: 0,
        };
        let collars = (1..=OFFICERS)
            .map(|n| format!("100{n}"))
            .chain(["2000".to_owned()]);
        for (index, collar) in collars.enumerate() {
            let part = 10 + u64::try_from(index).unwrap_or(0);
            let running = world.server.server().ok_or("the server is not running")?;
            let code = running
                .new_enrolment(&collar)
                .map_err(|e| e.to_string())?
                .code;
            let boot = BootId::from_bytes([u8::try_from(part).unwrap_or(0); 16]);
            let clock = Arc::new(NodeClock::new(world.timeline.clone(), boot));
            let dice = Dice::new(seed, part);
            let link = world.link(index);
            let node = DeviceNode::enrol(&collar, code, &link, seed ^ part, clock, dice)?;
            world.devices.push(node);
        }
        Ok(world)
    }

    /// The device of the sergeant.
    pub(crate) fn sergeant(&self) -> &DeviceNode {
        &self.devices[OFFICERS]
    }

    /// The devices of the officers.
    pub(crate) fn officers(&self) -> &[DeviceNode] {
        &self.devices[..OFFICERS]
    }

    /// Lets one thing happen.
    fn step(&mut self) -> Result<(), Violation> {
        self.timeline
            .pass(i64::try_from(self.dice.below(30_000)).unwrap_or(0));
        let device = usize::try_from(self.dice.below(OFFICERS as u64 + 1)).unwrap_or(0);
        match self.dice.below(100) {
            0..=34 => self.person_acts(device),
            35..=64 => self.sync(device),
            65..=79 => self.judge(),
            80..=84 => self.network_changes(device),
            85..=87 => self.weather_changes(),
            88..=91 => self.device_dies(device)?,
            92..=93 => self.server_dies()?,
            94..=96 => self.disk_fails(device),
            97 => self.clock_jumps(device),
            _ => self.timeline.pass(3_600_000),
        }
        Ok(())
    }

    fn person_acts(&mut self, device: usize) {
        let note = if device == OFFICERS {
            sergeant_acts(&self.devices[device], &self.dice, &mut self.ledger)
        } else {
            officer_acts(&self.devices[device], &self.dice, &mut self.ledger)
        };
        self.note(device, &note);
    }

    fn sync(&mut self, device: usize) {
        let link = self.link(device);
        let outcome = self.devices[device].sync(&link);
        self.note(device, &format!("syncs: {outcome:?}"));
    }

    /// The server judges a few of the entries that wait.
    fn judge(&mut self) {
        let Some(server) = self.server.server() else {
            return;
        };
        let mut judged = 0;
        for _ in 0..=self.dice.below(6) {
            match server.judge_next() {
                Ok(true) => judged += 1,
                Ok(false) => break,
                Err(error) => {
                    self.trace.push(format!("server cannot judge: {error}"));
                    return;
                }
            }
        }
        self.trace.push(format!("server judges {judged}"));
    }

    fn network_changes(&mut self, device: usize) {
        self.network[device] = !self.network[device];
        let state = if self.network[device] {
            "has a network"
        } else {
            "has no network"
        };
        self.note(device, state);
    }

    fn weather_changes(&mut self) {
        self.weather = if self.weather == Weather::CLEAR {
            Weather::STORM
        } else {
            Weather::CLEAR
        };
        self.trace.push(format!("weather: {:?}", self.weather));
    }

    fn device_dies(&mut self, device: usize) -> Result<(), Violation> {
        let node = &mut self.devices[device];
        let how = match self.dice.below(4) {
            0 | 1 => {
                self.crashes += 1;
                node.kill();
                "is killed and starts again"
            }
            2 => {
                self.power_cuts += 1;
                node.power_cut(Lose::All);
                "loses power and starts again"
            }
            _ => {
                self.power_cuts += 1;
                node.power_cut(Lose::Torn);
                "loses power, with torn writes, and starts again"
            }
        };
        self.note(device, how);
        let started = self.devices[device].start();
        started.map_err(|found| Violation {
            rule: "a device starts after any death",
            found,
        })
    }

    fn server_dies(&mut self) -> Result<(), Violation> {
        match self.dice.below(3) {
            0 => {
                self.crashes += 1;
                self.server.kill();
            }
            1 => {
                self.power_cuts += 1;
                self.server.power_cut(Lose::All);
            }
            _ => {
                self.power_cuts += 1;
                self.server.power_cut(Lose::Torn);
            }
        }
        self.trace.push("server dies and starts again".to_owned());
        let started = self.server.start();
        started.map_err(|found| Violation {
            rule: "the server starts after any death",
            found,
        })
    }

    /// The next write or sync fails, or the disk is full, for one act of its officer.
    fn disk_fails(&mut self, device: usize) {
        self.disk_faults += 1;
        let mut faults = Faults::default();
        let soon = u32::try_from(1 + self.dice.below(6)).unwrap_or(1);
        match self.dice.below(3) {
            0 => faults.fail_write_in = Some(soon),
            1 => faults.fail_sync_in = Some(1),
            _ => faults.full_after_bytes = Some(self.dice.below(8_192)),
        }
        self.devices[device].disk.set_faults(faults);
        self.note(device, "has a failing disk");
        self.person_acts(device);
        self.devices[device].disk.set_faults(Faults::default());
    }

    fn clock_jumps(&mut self, device: usize) {
        self.jumps += 1;
        let years = i64::try_from(self.dice.below(21)).unwrap_or(0) - 10;
        self.devices[device]
            .clock
            .jump(years * 365 * 24 * 3_600_000);
        self.note(device, &format!("sets its clock {years} years off"));
    }

    /// Heals everything and lets it come to rest.
    fn settle(&mut self) -> Result<(), Violation> {
        self.weather = Weather::CLEAR;
        self.network.fill(true);
        if self.server.server().is_none() {
            self.server_dies()?;
        }
        self.trace.push("everything is healed".to_owned());
        for _ in 0..ROUNDS_TO_SETTLE {
            for device in 0..self.devices.len() {
                self.timeline.pass(1_000);
                self.sync(device);
            }
            let server = self.server.server();
            while server
                .as_ref()
                .is_some_and(|it| it.judge_next().unwrap_or(false))
            {}
        }
        Ok(())
    }

    pub(crate) fn link(&self, device: usize) -> Link {
        Link {
            server: self.server.server().filter(|_| self.network[device]),
            weather: self.weather,
            dice: self.dice.clone(),
            timeline: self.timeline.clone(),
            fired: self.fired.clone(),
        }
    }

    fn note(&mut self, device: usize, what: &str) {
        let name = self
            .devices
            .get(device)
            .map_or("?", |node| node.name.as_str());
        let line = format!("{} {name} {what}", self.timeline.now());
        self.trace.push(line);
    }

    /// How often each fault struck.
    fn struck(&self) -> Vec<(&'static str, u64)> {
        use std::sync::atomic::Ordering::Relaxed;
        let fired = &self.fired;
        vec![
            ("requests lost", fired.lost_request.load(Relaxed)),
            ("answers lost", fired.lost_answer.load(Relaxed)),
            ("requests twice", fired.twice.load(Relaxed)),
            ("requests garbled", fired.garbled.load(Relaxed)),
            ("answers cut", fired.cut.load(Relaxed)),
            ("busy answers", fired.busy.load(Relaxed)),
            ("processes killed", self.crashes),
            ("power cuts", self.power_cuts),
            ("clock jumps", self.jumps),
            ("disk faults", self.disk_faults),
        ]
    }
}
