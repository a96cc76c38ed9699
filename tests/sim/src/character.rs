//! What some worlds are made for, beside the climate that each of them draws.

use crate::fault::{Climate, Fault};
use crate::strike::force::Force;
use crate::world::World;

/// How many seeds a character comes back after, and with which of them.
struct Every(u64, u64);

impl Every {
    const fn has(&self, seed: u64) -> bool {
        seed % self.0 == self.1
    }
}

/// The force changes its settings and code lists.
const OF_ANOTHER_MIND: Every = Every(7, 2);
/// Officers write in each other's records, and the server goes back to before they did, and never
/// starts otherwise: what rests on something comes before it.
const TOGETHER: Every = Every(11, 3);
/// What keeps officers apart for longer than a call, and what loses for good with such a server
/// (docs/limits).
const APART: &[Fault] = &[
    Fault::Partition,
    Fault::Locked,
    Fault::SessionsEnd,
    Fault::AccountEnds,
    Fault::DeviceRevoked,
    Fault::DeviceRestored,
    Fault::DeviceCloned,
];
/// How often that server goes back.
const GOES_BACK: u64 = 4;

impl World {
    /// Gives the world what it is made for.
    pub(crate) fn character(&mut self) {
        let mut climate = std::mem::replace(&mut self.climate, Climate::calm());
        if OF_ANOTHER_MIND.has(self.seed) {
            self.ledger.force = Some(Force::default());
        } else {
            climate = climate.without(Fault::OF_THE_FORCE);
        }
        if TOGETHER.has(self.seed) {
            self.ledger.together = true;
            self.server_stays = true;
            let goes_back = climate.with(Fault::ServerRestored, GOES_BACK);
            climate = goes_back.without(Fault::ENDS_THE_SERVER).without(APART);
        }
        self.climate = climate;
    }
}
