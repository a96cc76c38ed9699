//! Which vaults still have their database open. A command that was being done when its vault was
//! locked is done to its end; whoever opens the vault next waits for that.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How many databases are open.
#[derive(Debug, Default)]
pub(super) struct Databases {
    open: Mutex<usize>,
    closed: Condvar,
}

impl Databases {
    /// One more is open, for as long as this is kept.
    pub(super) fn opened(self: &Arc<Self>) -> OpenDatabase {
        *self.count() += 1;
        OpenDatabase(self.clone())
    }

    /// Waits until none is open; false if that took too long.
    pub(super) fn wait(&self, limit: Duration) -> bool {
        let waited = self
            .closed
            .wait_timeout_while(self.count(), limit, |open| *open > 0);
        let (open, _) = waited.unwrap_or_else(PoisonError::into_inner);
        *open == 0
    }

    fn count(&self) -> MutexGuard<'_, usize> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An open database. It is dropped after the database was closed.
#[derive(Debug)]
pub(super) struct OpenDatabase(Arc<Databases>);

impl Drop for OpenDatabase {
    fn drop(&mut self) {
        *self.0.count() -= 1;
        self.0.closed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_waits_is_woken_when_the_last_database_closes() {
        let all = Arc::new(Databases::default());
        let (one, other) = (all.opened(), all.opened());
        let waiting = std::thread::spawn({
            let all = all.clone();
            move || all.wait(Duration::from_secs(60))
        });
        drop(one);
        assert!(!all.wait(Duration::ZERO));
        drop(other);
        assert!(all.wait(Duration::ZERO));
        assert!(waiting.join().is_ok_and(|closed| closed));
    }
}
