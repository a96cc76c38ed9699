//! How long a device may show what others wrote without hearing the server.
//!
//! Counted in boot time: setting the clock neither ends a lease nor makes it longer. What was
//! counted is kept on the disk, so that neither a restart nor a reboot gives time back; while
//! the device is off nothing is counted.

use std::time::Duration;

use rusqlite::Connection;
use shared::ids::BootId;
use shared::settings::Settings;
use shared::wire::SessionState;

use super::context::Context;
use super::{Core, CoreError};
use crate::env::Env;
use crate::store::{LeaseRow, disk_rows};
use crate::view::LeaseView;

const HOUR_MS: u64 = 60 * 60 * 1000;
/// How much may be counted before it is written down.
const KEEP_EVERY_MS: u64 = 10 * 60 * 1000;

/// The lease at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lease {
    /// Boot time since the server was last heard.
    used: u64,
    /// How much there is in all.
    limit: u64,
    /// Up to when that is counted.
    at: (BootId, u64),
    /// It was counted so long ago, or in another boot, that it should be written down.
    keep: bool,
}

impl Lease {
    pub(super) fn now(row: LeaseRow, settings: &Settings, env: &Env) -> Self {
        let (boot, now) = env.clock.boot();
        let since = match row.counted {
            Some((counted, at)) if counted == boot => now.saturating_sub(at),
            // How long the last boot went on is not known; this one is.
            Some(_) => now,
            None => 0,
        };
        let same = row.counted.is_some_and(|(counted, _)| counted == boot);
        Self {
            used: row.used.saturating_add(since),
            limit: u64::from(settings.lease_hours).saturating_mul(HOUR_MS),
            at: (boot, now),
            keep: !same || since >= KEEP_EVERY_MS,
        }
    }

    /// True once others' records may no longer be shown.
    pub(super) const fn is_over(&self) -> bool {
        self.used >= self.limit
    }

    const fn row(&self) -> LeaseRow {
        LeaseRow {
            used: self.used,
            counted: Some(self.at),
        }
    }

    pub(super) fn view(&self, context: &Context) -> LeaseView {
        let left = i64::try_from(self.limit.saturating_sub(self.used)).unwrap_or(i64::MAX);
        LeaseView {
            over: self.is_over(),
            until: context.now().plus(left).0,
        }
    }
}

impl Context {
    /// Refuses to show what somebody else wrote once the lease is over.
    pub(super) const fn may_show(&self, own: bool) -> Result<(), CoreError> {
        if own || !self.lease.is_over() {
            Ok(())
        } else {
            Err(CoreError::NotAllowed("lease_over"))
        }
    }
}

/// Writes down how much is used, if that is due.
pub(super) fn keep(tx: &Connection, context: &Context) -> Result<(), CoreError> {
    if context.lease.keep {
        disk_rows::set_lease(tx, context.lease.row())?;
    }
    Ok(())
}

/// The server was heard: it was asked at this boot time, and gives news or does not.
pub(super) fn heard(
    tx: &Connection,
    context: &Context,
    session: SessionState,
    asked: Option<u64>,
) -> Result<(), CoreError> {
    let (boot, now) = context.env.clock.boot();
    let used = match (session, asked) {
        // Counted from the question: by the time of the answer its news may be older.
        (SessionState::Current, Some(asked)) => now.saturating_sub(asked),
        // What a revoked device was given is not for it any more.
        (SessionState::Revoked, _) => context.lease.limit.max(context.lease.used),
        _ => return keep(tx, context),
    };
    Ok(disk_rows::set_lease(
        tx,
        LeaseRow {
            used,
            counted: Some((boot, now)),
        },
    )?)
}

impl Core {
    /// After how long without a touch the vault is to be locked.
    pub fn lock_after(&self) -> Duration {
        let minutes = self.lock().reference.settings.lock_minutes;
        Duration::from_secs(u64::from(minutes) * 60)
    }

    /// Writes down how much of the lease is used. To be called now and then while the vault is
    /// open, so that a crash gives little of it back.
    pub fn keep_time(&self) -> Result<(), CoreError> {
        let mut state = self.lock();
        if state.context(&self.config)?.lease.keep {
            state.commit(&self.config, |_, _| Ok(()))?;
        }
        Ok(())
    }
}
