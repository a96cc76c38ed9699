//! Sends the spools of the vaults that are not open: what was submitted goes while the phone is
//! locked.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use shared::ids::OfficerId;
use shared::time::UnixMs;
use shared::wire::Protocol;
use tokio::sync::Notify;

use crate::env::Env;
use crate::spool::{SpoolFiles, SpoolOutcome, send_spool};
use crate::sync::Backoff;
use crate::vault::{Enrolment, Vaults};
use crate::view::{SpoolState, SpoolView};

/// How long nothing is tried where only an unlock helps, or the disk fails.
const LATER: Duration = Duration::from_secs(5 * 60);

/// How the spool of a vault stands.
#[derive(Debug, Clone, Copy, Default)]
struct Standing {
    sending: bool,
    needs_unlock: bool,
    next_try: Option<UnixMs>,
}

/// What the loop and the device share.
#[derive(Default)]
pub(super) struct Spooler {
    wake: Notify,
    open: Mutex<Option<OfficerId>>,
    standing: Mutex<HashMap<OfficerId, Standing>>,
}

/// What a round came to.
pub(super) enum Round {
    /// Nothing is left that can be sent.
    Idle,
    /// Something failed that may work later.
    Failed(Option<u64>),
    /// Only an unlock helps.
    Later,
}

impl Spooler {
    /// The vault that is open, whose log goes by exchanges.
    pub(super) fn set_open(&self, officer: Option<OfficerId>) {
        *self.open.lock().unwrap_or_else(PoisonError::into_inner) = officer;
        if officer.is_none() {
            let mut standing = self.standing.lock().unwrap_or_else(PoisonError::into_inner);
            // The open vault may have sealed something else meanwhile.
            standing.clear();
            drop(standing);
        }
        self.wake.notify_one();
    }

    /// Tries now instead of when the next attempt is due.
    pub(super) fn wake(&self) {
        self.wake.notify_one();
    }

    fn is_open(&self, officer: OfficerId) -> bool {
        *self.open.lock().unwrap_or_else(PoisonError::into_inner) == Some(officer)
    }

    fn stand(&self, officer: OfficerId, set: impl FnOnce(&mut Standing)) {
        let mut standing = self.standing.lock().unwrap_or_else(PoisonError::into_inner);
        set(standing.entry(officer).or_default());
    }

    /// How the spool of a locked vault stands, as far as can be told without opening it.
    pub(super) fn view(
        &self,
        officer: OfficerId,
        files: &SpoolFiles,
        receipt_key: &[u8],
    ) -> std::io::Result<SpoolView> {
        let received = files.received(receipt_key)?;
        let covered = |log, last| received.get(log).is_some_and(|it| it.seq >= last);
        let parcels = files.parcels()?;
        let waiting = parcels.iter().filter(|it| !covered(&it.log, it.last));
        let waiting = u32::try_from(waiting.count()).unwrap_or(u32::MAX);
        let left = files.left();
        let standing = self.standing.lock().unwrap_or_else(PoisonError::into_inner);
        let standing = standing.get(&officer).copied().unwrap_or_default();
        let state = if waiting == 0 && left.entries == 0 {
            if parcels.is_empty() {
                SpoolState::Nothing
            } else {
                SpoolState::Received
            }
        } else if waiting == 0 || standing.needs_unlock {
            SpoolState::NeedsUnlock
        } else if standing.sending {
            SpoolState::Sending
        } else {
            SpoolState::Waiting
        };
        let waits = waiting > 0 || left.entries > 0 || left.photos > 0;
        Ok(SpoolView {
            state,
            photos: left.photos,
            since: left.oldest.filter(|_| waits),
            received_at: received.values().map(|it| it.at.0).max(),
            next_try_at: standing.next_try.map(|at| at.0),
        })
    }

    /// Sends for as long as it is run.
    pub(super) async fn forever<P: Protocol>(
        &self,
        vaults: &Vaults,
        env: &Env,
        connect: impl Fn(&Enrolment) -> Option<P>,
        tell: impl Fn(),
    ) {
        let mut backoff = Backoff::new();
        loop {
            let round = self.round(vaults, &connect, &tell).await;
            let wait = match round {
                Round::Idle => {
                    backoff.reset();
                    None
                }
                Round::Later => Some(LATER),
                Round::Failed(asked) => {
                    let random = u64::from_le_bytes(env.bytes());
                    Some(Duration::from_millis(backoff.next(random, asked)))
                }
            };
            let ms = wait.map(|it| i64::try_from(it.as_millis()).unwrap_or(i64::MAX));
            self.next_try(ms.map(|ms| env.now().plus(ms)));
            tell();
            match wait {
                None => self.wake.notified().await,
                Some(wait) => {
                    tokio::select! {
                        () = tokio::time::sleep(wait) => {}
                        () = self.wake.notified() => {}
                    }
                }
            }
        }
    }

    fn next_try(&self, at: Option<UnixMs>) {
        let mut standing = self.standing.lock().unwrap_or_else(PoisonError::into_inner);
        for one in standing.values_mut() {
            one.next_try = at.filter(|_| !one.needs_unlock);
        }
    }

    /// Sends once what every vault but the open one has sealed.
    pub(super) async fn round<P: Protocol>(
        &self,
        vaults: &Vaults,
        connect: &impl Fn(&Enrolment) -> Option<P>,
        tell: &impl Fn(),
    ) -> Round {
        let (Ok(Some(enrolment)), Ok(list)) = (vaults.enrolment(), vaults.list()) else {
            return Round::Idle;
        };
        let Ok(receipt_key) = hex::decode(&enrolment.receipt_key) else {
            return Round::Idle;
        };
        let Some(protocol) = connect(&enrolment) else {
            return Round::Later;
        };
        let mut round = Round::Idle;
        for vault in list {
            let officer = vault.officer;
            let place = vaults.place(officer).ok().map(|dir| dir.spool());
            let Some(Ok(files)) = place.filter(|_| !self.is_open(officer)) else {
                continue;
            };
            self.stand(officer, |it| it.sending = true);
            tell();
            let outcome = send_spool(&files, &protocol, &enrolment.credential, &receipt_key).await;
            let needs_unlock = matches!(outcome, SpoolOutcome::NeedsUnlock);
            self.stand(officer, |it| {
                (it.sending, it.needs_unlock) = (false, needs_unlock);
            });
            match outcome {
                SpoolOutcome::Done => {}
                SpoolOutcome::NeedsUnlock => round = Round::Later,
                SpoolOutcome::Failed {
                    error,
                    retry_after_ms,
                } => {
                    tracing::debug!(%error, "the spool was not sent");
                    // Whoever serves one vault serves the others: they wait too.
                    return Round::Failed(retry_after_ms);
                }
                SpoolOutcome::Disk(error) => {
                    tracing::warn!(kind = ?error.kind(), "the spool could not be read");
                    round = Round::Later;
                }
            }
        }
        round
    }
}
