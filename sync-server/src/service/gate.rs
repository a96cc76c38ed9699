//! Who is calling: a device, a vault on it, or somebody at the control room's page.

use shared::ids::LogId;
use shared::policy::{Act, Relation, may};
use shared::wire::{Credential, ErrorCode, WireError};

use super::{Interest, Server, ServerError, secret};
use crate::store::{Device, Session, StoreError};

impl Server {
    /// The device, revoked or not.
    pub(super) fn device_of(&self, credential: &Credential) -> Result<Device, WireError> {
        let found = self
            .store
            .device(&secret::hash(&credential.device))
            .map_err(refuse)?;
        found.ok_or(WireError::refused(ErrorCode::UnknownDevice))
    }

    /// The device, unless it was revoked.
    pub(super) fn active_device(&self, credential: &Credential) -> Result<Device, WireError> {
        let device = self.device_of(credential)?;
        match device.revoked {
            Some(_) => Err(WireError::refused(ErrorCode::DeviceRevoked)),
            None => Ok(device),
        }
    }

    /// The vault's session, if it is current and of this device.
    pub(super) fn session_of(
        &self,
        credential: &Credential,
        device: &Device,
    ) -> Result<Option<(Session, LogId)>, WireError> {
        let Some(token) = &credential.session else {
            return Ok(None);
        };
        let now = self.env.now();
        let session = self
            .store
            .session(&secret::hash(token), now)
            .map_err(refuse)?;
        let session = session.filter(|session| session.device == Some(device.id));
        Ok(session.and_then(|session| session.log.map(|log| (session, log))))
    }

    /// The vault, which must have a current session.
    pub(super) fn vault(&self, credential: &Credential) -> Result<(Session, LogId), WireError> {
        let device = self.active_device(credential)?;
        let session = self.session_of(credential, &device)?;
        session.ok_or(WireError::refused(ErrorCode::SignInNeeded))
    }

    /// Fails unless the device is enrolled, revoked or not: before anything costly is done with
    /// what it sent.
    pub fn check_device(&self, credential: &Credential) -> Result<(), WireError> {
        self.device_of(credential).map(|_| ())
    }

    /// Fails unless the device has a current session: for the live channel.
    pub fn check_session(&self, credential: &Credential) -> Result<(), WireError> {
        self.vault(credential).map(|_| ())
    }

    /// What a vault on the live channel waits for. Fails like [`Server::check_session`].
    pub fn interest(&self, credential: &Credential) -> Result<Interest, WireError> {
        let (_, log) = self.vault(credential)?;
        let scopes = self.store.grants(log).map_err(refuse)?;
        Ok(Interest { log, scopes })
    }

    /// Somebody at the control room's page.
    pub(super) fn console(&self, token: &str) -> Result<Session, WireError> {
        let now = self.env.now();
        let session = self
            .store
            .session(&secret::hash(token), now)
            .map_err(refuse)?;
        let session = session.filter(|session| session.device.is_none());
        session.ok_or(WireError::refused(ErrorCode::SignInNeeded))
    }

    /// Somebody at the control room's page who may do this to anybody's record.
    pub(super) fn console_may(&self, token: &str, act: Act) -> Result<Session, WireError> {
        let session = self.console(token)?;
        if may(session.person.role, act, Relation::Other) {
            Ok(session)
        } else {
            Err(WireError::refused(ErrorCode::NotFound))
        }
    }
}

/// What a caller is told of a fault of the store; what it was goes to the log of the server.
pub(super) fn refuse(error: StoreError) -> WireError {
    match error {
        StoreError::Busy | StoreError::Full => {
            tracing::warn!(%error, "store");
            WireError::Refused {
                code: ErrorCode::Busy,
                retry_after_ms: Some(2_000),
            }
        }
        _ => {
            tracing::error!(%error, "store");
            WireError::refused(ErrorCode::Internal)
        }
    }
}

/// The same for faults of the data directory.
pub(super) fn refuse_io(error: &std::io::Error) -> WireError {
    tracing::error!(%error, "data directory");
    match error.kind() {
        std::io::ErrorKind::StorageFull => WireError::Refused {
            code: ErrorCode::Busy,
            retry_after_ms: Some(60_000),
        },
        _ => WireError::refused(ErrorCode::Internal),
    }
}

/// The same for operations that a device asks for.
pub(super) fn refuse_server(error: &ServerError) -> WireError {
    tracing::error!(%error, "operation");
    WireError::refused(ErrorCode::Internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_something_that_passes() {
        let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
        for refused in [refuse(StoreError::Full), refuse_io(&full)] {
            assert!(matches!(
                refused,
                WireError::Refused {
                    code: ErrorCode::Busy,
                    retry_after_ms: Some(_),
                }
            ));
        }
    }
}
