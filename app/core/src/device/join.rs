//! Enrolling, making a vault, signing in again.

use std::sync::Arc;

use shared::ids::LogId;
use shared::wire::{
    Credential, EnrolRequest, ErrorCode, Protocol, SignInRequest, SignInResponse, WireError,
};
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
        // The vault is not held while the server is waited for: it may be locked meanwhile.
        let (collar, descriptor, split) = {
            let core = self.core()?;
            (core.collar()?, core.descriptor()?, core.split()?)
        };
        if split.is_none() {
            let renew = |key, parent| SignInRequest {
                collar: collar.clone(),
                password: password.clone(),
                key,
                log: descriptor.log,
                parent,
            };
            let answer = match self.ask_sign_in(renew(None, None)).await {
                // A server restored from before the log was opened is given its descriptor again.
                Err(error) if refused_as(&error, ErrorCode::UnknownLog) => {
                    let key = Some(hex::encode(&descriptor.key));
                    self.ask_sign_in(renew(key, descriptor.parent)).await
                }
                other => other,
            };
            match answer {
                Ok(answer) => {
                    let person = self.core()?.signed_in(&answer)?;
                    self.try_now();
                    return Ok(person);
                }
                Err(error) if refused_as(&error, ErrorCode::Fork) => self.core()?.has_split()?,
                Err(error) => return Err(error),
            }
        }
        self.begin_lineage(collar, password).await
    }

    /// Signs in with another log.
    async fn begin_lineage(
        &self,
        collar: String,
        password: String,
    ) -> Result<PersonView, DeviceError> {
        let parent = self.core()?.split()?.and_then(|parent| parent.last);
        let seed = Zeroizing::new(self.env.bytes::<32>());
        let log = LogId::from_bytes(self.env.bytes());
        let request = SignInRequest {
            collar,
            password,
            key: Some(hex::encode(public_key(&seed)?)),
            log,
            parent,
        };
        let signed_in = self.ask_sign_in(request).await?;
        let new = NewLineage {
            log,
            seed,
            signed_in,
        };
        let person = self.core()?.begin_lineage(&new)?;
        self.try_now();
        Ok(person)
    }

    async fn ask_sign_in(&self, request: SignInRequest) -> Result<SignInResponse, DeviceError> {
        let enrolment = self.enrolment()?;
        let client = client(&enrolment)?;
        let credential = Credential {
            device: enrolment.credential,
            session: None,
        };
        self.on_runtime(async move { client.sign_in(&credential, request).await })
            .await
    }
}

fn refused_as(error: &DeviceError, wanted: ErrorCode) -> bool {
    matches!(error, DeviceError::Wire(WireError::Refused { code, .. }) if *code == wanted)
}
