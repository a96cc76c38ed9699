//! Enrolling, making a vault, signing in again.

use std::sync::Arc;

use shared::ids::LogId;
use shared::wire::{Credential, EnrolRequest, Protocol, SignInRequest};
use zeroize::Zeroizing;

use super::{Device, DeviceError, client};
use crate::core::{Core, NewLineage, NewVault, public_key};
use crate::http::{EnrolLink, HttpClient};
use crate::vault::{DbKey, Enrolment, VaultDir, VaultError};
use crate::view::{EnrolledView, FormFactor, PersonView};

impl Device {
    /// Exchanges the one-time code of a link for a credential.
    pub async fn enrol(
        &self,
        link: &str,
        form_factor: FormFactor,
    ) -> Result<EnrolledView, DeviceError> {
        if self.vaults.enrolment()?.is_some() {
            return Err(DeviceError::AlreadyEnrolled);
        }
        let link = EnrolLink::parse(link).map_err(|_| DeviceError::BadLink)?;
        let client = HttpClient::new(&link.server, link.pin)?;
        let request = EnrolRequest {
            code: link.code,
            form_factor: match form_factor {
                FormFactor::Phone => "phone".to_owned(),
                FormFactor::Tablet => "tablet".to_owned(),
            },
        };
        let answer = self
            .on_runtime(async move { client.enrol(request).await })
            .await?;
        let enrolment = Enrolment {
            device: answer.device,
            name: answer.name.clone(),
            force: answer.force.clone(),
            form_factor,
            server: link.server,
            pin: hex::encode(link.pin),
            credential: answer.credential,
            receipt_key: answer.receipt_key,
            escrow: answer.escrow,
            sealing: answer.sealing,
        };
        self.vaults.save_enrolment(&enrolment)?;
        Ok(EnrolledView {
            device: answer.name,
            force: answer.force,
        })
    }

    /// Signs an officer in and makes their vault.
    pub async fn create_vault(
        self: Arc<Self>,
        collar: String,
        password: String,
        pin: String,
    ) -> Result<PersonView, DeviceError> {
        let pin = Zeroizing::new(pin);
        let length = pin.chars().count();
        if !(crate::vault::PIN_MIN..=crate::vault::PIN_MAX).contains(&length) {
            return Err(DeviceError::Vault(VaultError::BadPin));
        }
        let enrolment = self.enrolment()?;
        let client = client(&enrolment)?;
        let seed = Zeroizing::new(self.env.bytes::<32>());
        let log = LogId::from_bytes(self.env.bytes());
        let request = SignInRequest {
            collar,
            password,
            key: Some(hex::encode(public_key(&seed)?)),
            log,
            parent: None,
        };
        let credential = Credential {
            device: enrolment.credential.clone(),
            session: None,
        };
        let signing = client.clone();
        let answer = self
            .on_runtime(async move { signing.sign_in(&credential, request).await })
            .await?;
        let device = self.clone();
        self.runtime
            .spawn_blocking(move || {
                let _turn = device.slot.turn();
                device.slot.close();
                let new = NewVault {
                    log,
                    seed,
                    device: enrolment.device,
                    signed_in: answer,
                };
                let fill = |dir: &VaultDir, key: &DbKey| -> Result<Core, DeviceError> {
                    let config = device.core_config(dir, &enrolment)?;
                    Ok(Core::create(config, key, &new)?)
                };
                let (officer, label) = (new.signed_in.officer, &new.signed_in.label);
                let escrow = &enrolment.escrow;
                let core = device.vaults.create(officer, label, &pin, escrow, fill)?;
                device.start(core, client, &enrolment)
            })
            .await
            .map_err(|_| DeviceError::Unexpected)?
    }

    /// Renews the session of the open vault. Where its log has split, a new one is opened, and what
    /// the server never had is said again in it.
    pub async fn sign_in(&self, password: String) -> Result<PersonView, DeviceError> {
        let enrolment = self.enrolment()?;
        let client = client(&enrolment)?;
        // The vault is not held while the server is waited for: it may be locked meanwhile.
        let (collar, log, split) = {
            let core = self.core()?;
            (core.collar()?, core.log(), core.split()?)
        };
        let seed = Zeroizing::new(self.env.bytes::<32>());
        let request = match split {
            None => SignInRequest {
                collar,
                password,
                key: None,
                log,
                parent: None,
            },
            Some(parent) => SignInRequest {
                collar,
                password,
                key: Some(hex::encode(public_key(&seed)?)),
                log: LogId::from_bytes(self.env.bytes()),
                parent: parent.last,
            },
        };
        let opened = request.log;
        let credential = Credential {
            device: enrolment.credential,
            session: None,
        };
        let answer = self
            .on_runtime(async move { client.sign_in(&credential, request).await })
            .await?;
        let core = self.core()?;
        let person = if split.is_some() {
            core.begin_lineage(&NewLineage {
                log: opened,
                seed,
                signed_in: answer,
            })?
        } else {
            core.signed_in(&answer)?
        };
        self.try_now();
        Ok(person)
    }
}
