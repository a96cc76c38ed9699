//! The one place for an open vault: who uses it, and what closes it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use shared::ids::OfficerId;
use tokio::task::JoinHandle;

use super::closing::Databases;
use super::spooler::Spooler;
use super::{Change, Listener};
use crate::core::Core;
use crate::driver::Driver;
use crate::env::Env;

/// How often it is looked whether somebody still uses the open vault.
const LOOK: Duration = Duration::from_secs(5);

/// The open vault and what runs for it.
pub(super) struct Open {
    pub(super) core: Arc<Core>,
    pub(super) driver: Driver,
    pub(super) _idle: Idle,
}

/// Locks the vault when nobody has used it for a while. Ends with the vault.
pub(super) struct Idle(JoinHandle<()>);

impl Drop for Idle {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The open vault, if one is.
#[derive(Default)]
pub(super) struct Slot {
    open: Mutex<Option<Open>>,
    /// Held while a vault is opened or closed, so that a lock asked for meanwhile comes after.
    turn: Mutex<()>,
    /// Those that are open, a locked vault's too while a command still works on it.
    pub(super) databases: Arc<Databases>,
    pub(super) spooler: Spooler,
    listener: Mutex<Option<Listener>>,
    /// When somebody last used the open vault, in boot time.
    used: AtomicU64,
}

impl Slot {
    pub(super) fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[cfg(test)]
    pub(super) fn turn_is_free(&self) -> bool {
        self.turn.try_lock().is_ok()
    }

    fn opened(&self) -> MutexGuard<'_, Option<Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn core(&self) -> Option<Arc<Core>> {
        self.opened().as_ref().map(|open| open.core.clone())
    }

    pub(super) fn try_now(&self) {
        if let Some(open) = self.opened().as_ref() {
            open.driver.try_now();
        }
    }

    /// A vault is being opened: its log goes by exchanges from now on.
    pub(super) fn opening(&self, officer: OfficerId) {
        self.spooler.set_open(Some(officer));
    }

    pub(super) fn put(&self, open: Open) {
        *self.opened() = Some(open);
        self.tell(Change::Lock);
    }

    /// Closes the open vault. The turn is the caller's.
    pub(super) fn close(&self) {
        let open = self.opened().take();
        if let Some(open) = open {
            if let Err(error) = open.core.spool() {
                tracing::warn!(code = error.code(), "not all was sealed at the lock");
            }
            drop(open);
            self.spooler.set_open(None);
            self.tell(Change::Lock);
        }
    }

    pub(super) fn listen(&self, listener: Listener) {
        *self.listener.lock().unwrap_or_else(PoisonError::into_inner) = Some(listener);
    }

    pub(super) fn tell(&self, change: Change) {
        let listener = self.listener.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(hear) = listener.as_ref() {
            hear(change);
        }
    }

    /// Somebody uses the open vault.
    pub(super) fn touch(&self, env: &Env) {
        self.used.store(env.clock.boot().1, Ordering::Relaxed);
    }

    /// Locks the vault if nobody has used it for so long, sleep of the device included.
    pub(super) fn lock_if_idle(&self, core: &Core) -> bool {
        let idle = core
            .env()
            .clock
            .boot()
            .1
            .saturating_sub(self.used.load(Ordering::Relaxed));
        let over = Duration::from_millis(idle) >= core.lock_after();
        if over {
            let _turn = self.turn();
            self.close();
        }
        over
    }

    /// Watches the open vault: locks it when it is idle, and keeps count of its lease.
    pub(super) fn watch(self: &Arc<Self>, core: &Arc<Core>) -> Idle {
        let (slot, core) = (Arc::downgrade(self), Arc::downgrade(core));
        Idle(tokio::spawn(async move {
            loop {
                tokio::time::sleep(LOOK).await;
                let looked = tokio::task::spawn_blocking({
                    let (slot, core) = (slot.clone(), core.clone());
                    move || {
                        let (Some(slot), Some(core)) = (slot.upgrade(), core.upgrade()) else {
                            return;
                        };
                        if slot.lock_if_idle(&core) {
                            return;
                        }
                        if let Err(error) = core.keep_time() {
                            tracing::warn!(code = error.code(), "the lease was not counted");
                        }
                    }
                });
                if looked.await.is_err() {
                    return;
                }
            }
        }))
    }
}
