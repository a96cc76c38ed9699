//! A forgotten PIN, or a secret of the hardware that is gone.
//!
//! The officer signs in, which proves who they are, and is given a code. Whoever holds the escrow
//! key is told the code, opens the vault's wrap, and closes it again to a key that this device
//! made for this request and holds in memory alone. With the database key the vault gets a new
//! PIN. Until the key is proved, nothing is written: a wrong or late answer costs another request.

use std::sync::{MutexGuard, PoisonError};

use age::x25519::Identity;
use shared::ids::{LogId, OfficerId};
use shared::time::UnixMs;
use shared::wire::{Credential, Protocol, RecoveryRequest, SignInRequest, SignInResponse};
use zeroize::Zeroizing;

use super::{Device, DeviceError, client};
use crate::core::{Core, CoreError};
use crate::vault::{DbKey, VaultDir, VaultError};
use crate::view::{PersonView, RecoveryState, RecoveryView};

/// A request that waits for a person.
pub(super) struct Recovering {
    officer: OfficerId,
    log: LogId,
    /// Opens the answer, and is gone with the process.
    identity: Identity,
    signed_in: SignInResponse,
    code: String,
    expires: UnixMs,
    key: Option<DbKey>,
}

impl Recovering {
    fn view(&self) -> RecoveryView {
        RecoveryView {
            code: self.code.clone(),
            expires: self.expires.0,
            state: if self.key.is_some() {
                RecoveryState::Answered
            } else {
                RecoveryState::Waiting
            },
        }
    }
}

impl Device {
    /// Asks for the key of a locked vault whose PIN was forgotten. The officer signs in with
    /// collar number and password, and is given the code to pass on.
    pub async fn recover_begin(
        &self,
        vault: &str,
        collar: String,
        password: String,
    ) -> Result<RecoveryView, DeviceError> {
        let server = client(&self.enrolment()?)?;
        self.ask_for_key(server, vault, collar, password).await
    }

    pub(super) async fn ask_for_key(
        &self,
        server: impl Protocol + 'static,
        vault: &str,
        collar: String,
        password: String,
    ) -> Result<RecoveryView, DeviceError> {
        let officer: OfficerId = vault.parse().map_err(|_| DeviceError::NoSuchVault)?;
        let wrap = self.vaults.wrap_of(officer)?;
        let request = SignInRequest {
            collar,
            password,
            key: None,
            log: wrap.log,
            parent: None,
        };
        let mut credential = self.device_credential()?;
        let identity = Identity::generate();
        let recipient = identity.to_public().to_string();
        let log = wrap.log;
        let (signed_in, ticket) = self
            .on_runtime(async move {
                let signed_in = server.sign_in(&credential, request).await?;
                if signed_in.officer != officer {
                    return Ok((signed_in, None));
                }
                credential.session = Some(signed_in.session.clone());
                let request = RecoveryRequest {
                    log,
                    wrap: wrap.escrow,
                    recipient,
                };
                let ticket = server.recovery_begin(&credential, request).await?;
                Ok((signed_in, Some(ticket)))
            })
            .await?;
        let ticket = ticket.ok_or(CoreError::NotAllowed("other_officer"))?;
        let recovering = Recovering {
            officer,
            log,
            identity,
            signed_in,
            code: ticket.code,
            expires: ticket.expires,
            key: None,
        };
        let view = recovering.view();
        *self.recovering() = Some(recovering);
        Ok(view)
    }

    /// Asks whether the key has come. The app asks again every few seconds.
    pub async fn recover_check(&self, vault: &str) -> Result<RecoveryView, DeviceError> {
        let server = client(&self.enrolment()?)?;
        self.look_for_key(server, vault).await
    }

    pub(super) async fn look_for_key(
        &self,
        server: impl Protocol + 'static,
        vault: &str,
    ) -> Result<RecoveryView, DeviceError> {
        let mut credential = self.device_credential()?;
        let log = {
            let recovering = self.recovering();
            let of = request_of(&recovering, vault)?;
            if of.key.is_some() {
                return Ok(of.view());
            }
            credential.session = Some(of.signed_in.session.clone());
            of.log
        };
        let answer = self
            .on_runtime(async move { server.recovery_fetch(&credential, log).await })
            .await?;
        let mut recovering = self.recovering();
        let of = recovering
            .as_mut()
            .filter(|it| it.log == log)
            .ok_or(DeviceError::NoRecovery)?;
        if let Some(answer) = answer {
            of.key = Some(DbKey::from_answer(&of.identity, &answer)?);
        }
        Ok(of.view())
    }

    fn device_credential(&self) -> Result<Credential, DeviceError> {
        Ok(Credential {
            device: self.enrolment()?.credential,
            session: None,
        })
    }

    /// Opens the vault with the key that came, and puts it under a new PIN. Blocks for the key
    /// derivation.
    pub fn recover_finish(&self, vault: &str, pin: String) -> Result<PersonView, DeviceError> {
        let pin = Zeroizing::new(pin);
        let enrolment = self.enrolment()?;
        let (officer, key, signed_in) = {
            let recovering = self.recovering();
            let of = request_of(&recovering, vault)?;
            let key = of.key.clone().ok_or(DeviceError::NoRecovery)?;
            (of.officer, key, of.signed_in.clone())
        };
        let _turn = self.slot.turn();
        self.slot.close();
        self.wait_for_closed();
        self.slot.opening(officer);
        let prove = |dir: &VaultDir, key: &DbKey| -> Result<Core, DeviceError> {
            let config = self.core_config(dir, &enrolment)?;
            Core::open(config, key).map_err(|error| match error {
                CoreError::Damaged("database") => VaultError::WrongAnswer.into(),
                other => other.into(),
            })
        };
        let opened = self.vaults.rewrap(officer, &key, &pin, prove);
        if let Err(DeviceError::Vault(VaultError::WrongAnswer)) = &opened {
            // The answer is worth nothing; the request may still be answered again.
            if let Some(of) = self.recovering().as_mut() {
                of.key = None;
            }
        }
        let started = opened.and_then(|core| {
            core.signed_in(&signed_in)?;
            *self.recovering() = None;
            self.start(core, client(&enrolment)?, &enrolment)
        });
        self.opened_or_not(started)
    }

    /// Asks no longer.
    pub fn recover_cancel(&self) {
        *self.recovering() = None;
    }

    fn recovering(&self) -> MutexGuard<'_, Option<Recovering>> {
        self.recovering
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

fn request_of<'a>(
    recovering: &'a Option<Recovering>,
    vault: &str,
) -> Result<&'a Recovering, DeviceError> {
    let of = recovering.as_ref();
    of.filter(|it| it.officer.to_string() == vault)
        .ok_or(DeviceError::NoRecovery)
}
