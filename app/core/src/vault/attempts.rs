//! How many wrong PINs there were, and how long to wait after them.

use std::path::Path;

use serde::{Deserialize, Serialize};
use shared::ids::BootId;
use shared::time::UnixMs;

use super::VaultError;
use crate::env::Env;
use crate::files::write_whole;

/// Wrong PINs that cost no waiting.
pub const FREE_TRIES: u32 = 5;

/// Waiting after the fifth wrong PIN, the sixth, and every one after that, in milliseconds.
const WAITS: [u64; 3] = [60_000, 5 * 60_000, 15 * 60_000];

const FILE: &str = "attempts.json";

/// Whether a try is taken now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lock {
    /// Yes.
    Free {
        /// Tries before the next wait.
        tries_left: u32,
        /// How long that wait is, in milliseconds.
        then_wait: u64,
    },
    /// Not yet.
    Wait {
        /// When it is.
        until: UnixMs,
    },
}

/// Wrong PINs since the last right one. Waiting is counted in boot time, which setting the
/// clock does not shorten; after a restart it begins again.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Attempts {
    fails: u32,
    boot: Option<BootId>,
    at: u64,
}

impl Attempts {
    pub(super) fn read(dir: &Path) -> Result<Self, VaultError> {
        match std::fs::read(dir.join(FILE)) {
            // A count that does not read stands for the longest wait: it gives no try away, and
            // locks nobody out for good.
            Ok(bytes) => Ok(serde_json::from_slice(&bytes).unwrap_or(Self {
                fails: FREE_TRIES + WAITS.len() as u32,
                ..Self::default()
            })),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(e) => Err(e.into()),
        }
    }

    pub(super) fn write(&self, dir: &Path) -> Result<(), VaultError> {
        let bytes = serde_json::to_vec(self).map_err(VaultError::damaged)?;
        Ok(write_whole(&dir.join(FILE), &bytes)?)
    }

    pub(super) fn fail(&mut self, env: &Env) {
        let (boot, at) = env.clock.boot();
        self.fails = self.fails.saturating_add(1);
        self.boot = Some(boot);
        self.at = at;
    }

    pub(super) fn lock(&self, env: &Env) -> Lock {
        if self.fails < FREE_TRIES {
            return Lock::Free {
                tries_left: FREE_TRIES - self.fails,
                then_wait: wait_after(FREE_TRIES),
            };
        }
        let wait = wait_after(self.fails);
        let (boot, now) = env.clock.boot();
        let waited = if self.boot == Some(boot) || now >= self.at {
            // Where a system does not say which boot it is, each start of the app seems to be
            // another one: no more is taken for waited than was, whichever it is.
            now.saturating_sub(self.at)
        } else {
            now
        };
        if waited >= wait {
            Lock::Free {
                tries_left: 1,
                then_wait: wait_after(self.fails.saturating_add(1)),
            }
        } else {
            let left = i64::try_from(wait - waited).unwrap_or(i64::MAX);
            Lock::Wait {
                until: env.now().plus(left),
            }
        }
    }
}

/// How long the wait after so many wrong PINs is, in milliseconds.
fn wait_after(fails: u32) -> u64 {
    let index = fails.saturating_sub(FREE_TRIES) as usize;
    let wait = WAITS.get(index).or(WAITS.last());
    wait.copied().unwrap_or_default()
}
