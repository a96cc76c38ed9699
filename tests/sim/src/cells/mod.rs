//! Links that are bad in several ways at once: each combination of loss, round trip, rate and
//! trouble is a cell, and each cell a world of its own in which one device sends over it.
//!
//! | module | what it is |
//! | --- | --- |
//! | `way` | a connection in virtual time |
//! | `link` | the calls of the app over it |

mod link;
mod way;

use std::fmt;
use std::sync::Mutex;

use app_core::sync::{Backoff, SyncOutcome};

use crate::check::when_quiet;
use crate::dice::Dice;
use crate::fault::Climate;
use crate::people::write_all;
use crate::world::{Violation, World};
use link::{Calls, is_drained};
use way::Way;

/// Packets lost, of a hundred.
const LOSS: [u64; 5] = [0, 5, 10, 20, 40];
/// Milliseconds there and back.
const ROUND_TRIP: [i64; 3] = [50, 600, 2_000];
/// Bits a second.
const RATE: [u64; 4] = [9_600, 16_000, 32_000, 64_000];
/// For how long a flapping link is there, and for how long it is not.
const FLAP_MS: (i64, i64) = (30_000, 10_000);
/// What is left at least of that, in reckoning how long all may take.
const USABLE_MS: i64 = 5_000;
/// After about how many bytes a connection goes silent.
const HALF_OPEN_BYTES: u64 = 60_000;
/// How often the app asks while nothing happens (`app_core::driver`).
const IDLE_MS: i64 = 60_000;
/// How often the live channel is opened again (`app_core::device`).
const REOPEN_MS: i64 = 3_000;
/// The first seed of the cells.
const SEED: u64 = 1_000_000;
/// The officer's device.
const DEVICE: usize = 0;

/// What else is wrong with a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing.
    None,
    /// It goes away, and with it every connection, and comes again.
    Flap,
    /// Connections go silent, and neither end is told.
    HalfOpen,
}

/// One combination.
#[derive(Debug, Clone, Copy)]
pub struct Cell {
    number: u64,
    loss: u64,
    round_trip: i64,
    rate: u64,
    trouble: Trouble,
}

/// What a device sends in a cell.
#[derive(Debug, Clone, Copy)]
pub struct Work {
    /// Records, each with its submission.
    pub records: usize,
    /// Sides of the photo, in pixels: three bytes each.
    pub photo: u32,
}

impl Work {
    /// Twenty records, and a photo of 200 kB.
    pub const WHOLE: Self = Self {
        records: 20,
        photo: 258,
    };
}

/// What came of a cell.
#[derive(Debug)]
pub struct Done {
    /// From the first call until nothing was left to send, in virtual seconds.
    pub seconds: f64,
    /// How long it may take.
    pub deadline: f64,
    /// Bytes on the wire, both ways, with headers and what was sent again.
    pub wire: u64,
    /// Segments lost.
    pub lost: u64,
    /// Connections made.
    pub connections: u64,
    /// Connections that broke in the middle of something.
    pub breaks: u64,
    /// Bytes of the photo that were begun again, and those that may be: of the pieces that broke.
    pub again: (u64, u64),
    /// What does not hold.
    pub wrong: Vec<String>,
}

impl Cell {
    /// All of them.
    pub fn all() -> Vec<Self> {
        let mut cells = Vec::new();
        for trouble in [Trouble::None, Trouble::Flap, Trouble::HalfOpen] {
            for loss in LOSS {
                for round_trip in ROUND_TRIP {
                    for rate in RATE {
                        let number = u64::try_from(cells.len()).unwrap_or(0);
                        cells.push(Self {
                            number,
                            loss,
                            round_trip,
                            rate,
                            trouble,
                        });
                    }
                }
            }
        }
        cells
    }

    /// The cell of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::all().into_iter().find(|it| it.to_string() == name)
    }

    /// The cell with this rate in which nothing else is wrong: what bytes are compared with.
    pub fn fair(&self) -> String {
        let fair = Self {
            loss: LOSS[0],
            round_trip: ROUND_TRIP[0],
            trouble: Trouble::None,
            ..*self
        };
        fair.to_string()
    }

    /// How long it may take, in milliseconds: so many times what the rate alone takes, with what
    /// is lost, and so many round trips; on a link that comes and goes, of the time that is left
    /// after a connection is there.
    fn deadline(&self, work: Work) -> i64 {
        let photo = u64::from(work.photo) * u64::from(work.photo) * 3;
        let records = u64::try_from(work.records).unwrap_or(0) * 1_500;
        let at_rate = (photo + records) * 8 * 1_000 / self.rate;
        let least = i64::try_from(at_rate * 100 / (100 - self.loss)).unwrap_or(i64::MAX);
        let lost = i64::try_from(self.loss).unwrap_or(0);
        let trips = self.round_trip * (100 + lost * lost / 4);
        let steady = 60_000 + 2 * least + trips;
        match self.trouble {
            Trouble::None => steady,
            Trouble::Flap => {
                let (up, down) = FLAP_MS;
                let kept = 100 - lost;
                let begin = self.round_trip * 5 * 10_000 / (kept * kept);
                steady * (up + down) / (up - begin).max(USABLE_MS)
            }
            Trouble::HalfOpen => steady * 2 + 600_000,
        }
    }

    /// Runs the cell.
    pub fn run(self, work: Work) -> Result<Done, String> {
        let seed = SEED + self.number;
        vfs::seed_sqlite(u32::try_from(seed).unwrap_or(1));
        let mut world = World::new(seed)?;
        world.climate = Climate::calm();
        world.sync(DEVICE);
        let node = &world.devices[DEVICE];
        let photo = write_all(node, DEVICE, work, &world.dice, &mut world.ledger)?;
        let calls = Calls {
            server: world.server.server().ok_or("the server is not running")?,
            way: Way::new(self, Dice::new(seed, 6), world.timeline.clone()),
            pieces: Mutex::default(),
        };
        let deadline = self.deadline(work);
        let (took, drained) = self.send(&mut world, &calls, deadline);
        let mut wrong = Vec::new();
        if !drained {
            wrong.push(format!("not done within {} s", deadline / 1_000));
        }
        let (told, pieces) = (calls.way.told(), calls.pieces());
        drop(calls);
        let again = (pieces.begun.saturating_sub(photo), pieces.broken);
        if again.0 > again.1 {
            wrong.push(format!("{} bytes again, of {}", again.0, again.1));
        }
        if self.trouble != Trouble::None && told.breaks == 0 {
            wrong.push("the trouble never struck".to_owned());
        }
        // Nothing lost, nothing doubled: the rules of every world.
        let held = world.settle().and_then(|()| when_quiet(&world));
        if let Err(Violation { rule, found }) = held {
            wrong.push(format!("{rule}: {found}"));
        }
        Ok(Done {
            seconds: seconds(took),
            deadline: seconds(deadline),
            wire: told.wire,
            lost: told.lost,
            connections: told.connections,
            breaks: told.breaks,
            again,
            wrong,
        })
    }

    /// Lets the device work until nothing is left to send, or the time is over, as the app's loop
    /// does; gives how long it took.
    fn send(&self, world: &mut World, calls: &Calls, deadline: i64) -> (i64, bool) {
        let begun = world.timeline.now();
        let mut backoff = Backoff::new();
        loop {
            let outcome = world.devices[DEVICE].sync(calls);
            let took = world.timeline.now() - begun;
            let core = world.devices[DEVICE].core();
            if core.is_some_and(|core| is_drained(&core)) {
                return (took, true);
            }
            if took > deadline {
                return (took, false);
            }
            let random = world.dice.below(u64::MAX);
            let wait = match outcome {
                Some(SyncOutcome::Idle) => {
                    backoff.reset();
                    world.timeline.pass(IDLE_MS);
                    continue;
                }
                Some(SyncOutcome::Failed { retry_after_ms, .. }) => {
                    backoff.next(random, retry_after_ms)
                }
                _ => backoff.next(random, None),
            };
            let due = world.timeline.now() + i64::try_from(wait).unwrap_or(IDLE_MS);
            if wait_for(world, calls, due) {
                backoff.reset();
            }
        }
    }
}

/// Waits after a failure; true if the live channel cut it short, as it does once it opens again.
fn wait_for(world: &World, calls: &Calls, due: i64) -> bool {
    let timeline = &world.timeline;
    loop {
        let left = due - timeline.now();
        timeline.pass(left.clamp(0, REOPEN_MS));
        if left <= REOPEN_MS {
            return false;
        }
        if calls.listens() {
            return true;
        }
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let trouble = match self.trouble {
            Trouble::None => "",
            Trouble::Flap => "-flap",
            Trouble::HalfOpen => "-half-open",
        };
        let (loss, round_trip, rate) = (self.loss, self.round_trip, self.rate);
        write!(
            f,
            "loss-{loss}-round-trip-{round_trip}-rate-{rate}{trouble}"
        )
    }
}

fn seconds(ms: i64) -> f64 {
    ms as f64 / 1_000.0
}
