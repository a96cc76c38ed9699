//! Chance from one seed.

use std::sync::{Arc, Mutex, PoisonError};

use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};

/// A stream of chance. Each part of the world has its own, so that one part's use of it does
/// not move another's.
#[derive(Clone)]
pub struct Dice(Arc<Mutex<ChaCha8Rng>>);

impl Dice {
    /// The stream of this part of the world under this seed.
    pub fn new(seed: u64, part: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(part);
        Self(Arc::new(Mutex::new(rng)))
    }

    /// A number below `limit`, which is at least 1.
    pub fn below(&self, limit: u64) -> u64 {
        self.next() % limit.max(1)
    }

    /// True so many times in a hundred.
    pub fn percent(&self, chance: u64) -> bool {
        self.below(100) < chance
    }

    /// One of the things, which must not be empty.
    pub fn pick<'a, T>(&self, things: &'a [T]) -> Option<&'a T> {
        let count = u64::try_from(things.len()).unwrap_or(0);
        if count == 0 {
            return None;
        }
        things.get(usize::try_from(self.below(count)).unwrap_or(0))
    }

    /// Fills the buffer.
    pub fn fill(&self, buffer: &mut [u8]) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .fill_bytes(buffer);
    }

    fn next(&self) -> u64 {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .next_u64()
    }
}

impl app_core::env::Random for Dice {
    fn fill(&self, buffer: &mut [u8]) {
        Dice::fill(self, buffer);
    }
}

impl sync_server::env::Random for Dice {
    fn fill(&self, buffer: &mut [u8]) {
        Dice::fill(self, buffer);
    }
}
