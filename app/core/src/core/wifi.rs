//! Photos over Wi-Fi only: what the officer wants of this device, and whether photos wait for it.
//! Words are never asked about: they always go.

use super::{Changed, Core, CoreError, State};
use crate::env::{Env, NetworkKind};
use crate::store::photo_rows;

/// What was chosen, and what comes of it on the network of now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Photos {
    /// They are only to go where bytes cost nothing.
    pub(super) over_wifi: bool,
    /// None goes now.
    pub(super) wait: bool,
}

pub(super) fn photos(state: &State, env: &Env) -> Result<Photos, CoreError> {
    let over_wifi = photo_rows::over_wifi(state.store.read())?;
    Ok(Photos {
        over_wifi,
        wait: over_wifi && env.network.kind() == NetworkKind::Metered,
    })
}

impl Core {
    /// From now on photos are sent over Wi-Fi only, or over whatever there is.
    pub fn photos_over_wifi(&self, on: bool) -> Result<(), CoreError> {
        self.lock()
            .store
            .write(|tx| Ok::<_, CoreError>(photo_rows::set_over_wifi(tx, on)?))?;
        // Those that waited for nothing else go at once.
        self.commits.notify_one();
        self.tell(Changed::Status);
        Ok(())
    }

    /// True while photos wait for Wi-Fi.
    pub(crate) fn photos_wait(&self) -> Result<bool, CoreError> {
        Ok(photos(&self.lock(), &self.config.env)?.wait)
    }
}
