//! Room that is kept for words.
//!
//! A file that holds nothing is given up when the disk is full, so that the officer's next
//! attempt to save finds room. While it is given up, new photos are refused: they take a
//! hundred times the room of the words, and words come first.

use super::{Core, CoreConfig, CoreError};
use crate::files::RESERVE;

/// Room for a few dozen records.
const BYTES: usize = 256 * 1024;

impl Core {
    /// Makes the reserve if it is missing; without it there is no room for photos.
    pub(super) fn make_reserve(&self) -> Result<(), CoreError> {
        let blobs = &self.config.blobs;
        if blobs.list()?.iter().any(|name| name == RESERVE) {
            return Ok(());
        }
        // Zeros would take no room on a file system that compresses.
        let mut bytes = vec![0; BYTES];
        self.config.env.random.fill(&mut bytes);
        Ok(blobs.write(RESERVE, &bytes)?)
    }
}

/// Gives the reserve up if that is what the failure asks for.
pub(super) fn give_up<T>(config: &CoreConfig, done: &Result<T, CoreError>) {
    if matches!(done, Err(CoreError::DiskFull)) && config.blobs.remove(RESERVE).is_ok() {
        tracing::warn!("the disk is full: the room kept for words is given up");
    }
}
