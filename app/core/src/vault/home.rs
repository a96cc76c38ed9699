//! One process for each home.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::time::Duration;

use super::VaultError;
use crate::files::private_file;

/// How often and how far apart the lock is asked for: an app that is being closed lets go soon.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(100);

/// Holds the home of a device. The system lets go of it when the process ends, however it ends.
#[derive(Debug)]
pub struct HomeLock {
    _file: File,
}

impl HomeLock {
    pub(super) fn take(home: &Path) -> Result<Self, VaultError> {
        let path = home.join("lock");
        private_file(&path)?;
        let file = File::options().write(true).open(path)?;
        for _ in 0..TRIES {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _file: file }),
                Err(TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
                Err(TryLockError::Error(error)) => return Err(error.into()),
            }
        }
        Err(VaultError::InUse)
    }
}
