//! Enrolling devices, and signing in on them and at the control room's page.

use shared::ids::DeviceId;
use shared::log::{Algorithm, Descriptor};
use shared::policy::{Act, Relation, may};
use shared::time::UnixMs;
use shared::wire::{
    Credential, EnrolRequest, EnrolResponse, ErrorCode, SignInRequest, SignInResponse, WireError,
};

use super::gate::refuse;
use super::{Server, secret};
use crate::store::{Account, Attempt, NewDevice, NewSession, NewVault, Opened, Session};
use crate::view::ConsoleMe;

/// How long a vault's session lasts: as long as what it was granted may be kept unrenewed.
const VAULT_SESSION_MS: i64 = 72 * 3600 * 1000;
/// How long a session at the control room's page lasts: one shift.
const CONSOLE_SESSION_MS: i64 = 12 * 3600 * 1000;
/// Wrong passwords before the first wait.
const FREE_ATTEMPTS: u32 = 5;
/// The first wait, which doubles, and the longest.
const WAIT_MS: i64 = 30_000;
const WAIT_MAX_MS: i64 = 15 * 60_000;

impl Server {
    /// Exchanges a one-time code for the device's credential.
    pub fn enrol(&self, request: EnrolRequest) -> Result<EnrolResponse, WireError> {
        if !matches!(request.form_factor.as_str(), "phone" | "tablet") {
            return Err(WireError::refused(ErrorCode::BadBody));
        }
        let (credential, hash) = secret::token(&self.env);
        let id = DeviceId::from_bytes(self.env.bytes());
        let device = NewDevice {
            code: secret::code_hash(&request.code),
            id,
            credential: hash,
            form_factor: request.form_factor,
        };
        let name = self.store.enrol(&device, self.env.now()).map_err(refuse)?;
        let name = name.ok_or(WireError::refused(ErrorCode::BadEnrolmentCode))?;
        self.tell(super::Moved::Devices);
        Ok(EnrolResponse {
            device: id,
            name,
            credential,
            force: self.config.force.clone(),
            receipt_key: hex::encode(self.receipt_key()),
            escrow: self.escrow.clone(),
            sealing: self.sealing_recipient()?,
        })
    }

    /// Signs an officer in; opens the log of a new vault.
    pub fn sign_in(
        &self,
        credential: &Credential,
        request: SignInRequest,
    ) -> Result<SignInResponse, WireError> {
        let device = self.active_device(credential)?;
        let account = self.check_password(&request.collar, &request.password)?;
        let person = account.person;
        if !may(person.role, Act::Write, Relation::Own) {
            return Err(WireError::refused(ErrorCode::BadSignIn));
        }
        let open = match &request.key {
            Some(key) => Some(Descriptor {
                version: Descriptor::VERSION,
                log: request.log,
                algorithm: Algorithm::EdDsa,
                key: public_key(key)?,
                officer: person.id,
                device: device.id,
                parent: request.parent,
            }),
            None => None,
        };
        let now = self.env.now();
        let (session, token) = secret::token(&self.env);
        let expires = now.plus(VAULT_SESSION_MS);
        let vault = Some(NewVault {
            device: device.id,
            log: request.log,
            open,
        });
        let new = NewSession {
            token,
            officer: person.id,
            expires,
            vault,
        };
        match self.store.open_session(&new, now).map_err(refuse)? {
            Opened::Open => {}
            Opened::UnknownLog => return Err(WireError::refused(ErrorCode::UnknownLog)),
            Opened::Forked => return Err(WireError::refused(ErrorCode::Fork)),
        }
        self.tell(super::Moved::Devices);
        Ok(SignInResponse {
            session,
            expires,
            officer: person.id,
            label: person.label(),
            collar: person.collar,
            role: person.role,
            team: account.team,
            station: person.station,
            policy: self.store.counters().map_err(refuse)?.policy,
            server_time: now,
        })
    }

    /// Signs somebody in at the control room's page; gives the cookie's value.
    pub fn console_sign_in(
        &self,
        collar: &str,
        password: &str,
    ) -> Result<(String, ConsoleMe), WireError> {
        let person = self.check_password(collar, password)?.person;
        let sees = |act| may(person.role, act, Relation::Other);
        if !(sees(Act::Read) || sees(Act::SeeDevices)) {
            return Err(WireError::refused(ErrorCode::BadSignIn));
        }
        let now = self.env.now();
        let (session, token) = secret::token(&self.env);
        let expires = now.plus(CONSOLE_SESSION_MS);
        let new = NewSession {
            token,
            officer: person.id,
            expires,
            vault: None,
        };
        self.store.open_session(&new, now).map_err(refuse)?;
        let me = self.console_me(&session)?;
        Ok((session, me))
    }

    /// Ends a session at the control room's page.
    pub fn console_sign_out(&self, token: &str) -> Result<(), WireError> {
        self.store
            .close_session(&secret::hash(token))
            .map_err(refuse)
    }

    /// Who is signed in.
    pub fn console_me(&self, token: &str) -> Result<ConsoleMe, WireError> {
        let Session {
            person,
            team,
            expires,
            ..
        } = self.console(token)?;
        Ok(ConsoleMe {
            id: person.id.to_string(),
            label: person.label(),
            role: person.role.as_str().to_owned(),
            team,
            force: self.config.force.clone(),
            expires: expires.0,
        })
    }

    /// The account, if collar number and password fit and nobody has to wait.
    fn check_password(&self, collar: &str, password: &str) -> Result<Account, WireError> {
        // Checking it would be quicker than any other, for those who have an account.
        if !secret::acceptable(password) {
            return Err(WireError::refused(ErrorCode::BadSignIn));
        }
        let now = self.env.now();
        let Some(account) = self.store.account(collar).map_err(refuse)? else {
            // As slow as a wrong password, so that nobody learns which collar numbers exist.
            let _ = secret::hash_password(&self.env, self.config.password_kib, "another one");
            return Err(WireError::refused(ErrorCode::BadSignIn));
        };
        if account.wait_until > now {
            let wait = u64::try_from(account.wait_until.since(now)).unwrap_or(0);
            let code = ErrorCode::SlowDown;
            return Err(WireError::Refused {
                code,
                retry_after_ms: Some(wait),
            });
        }
        let officer = account.person.id;
        if !secret::verify_password(&account.password, password) || !account.person.active {
            let attempt = Attempt::Wrong {
                wait_until: wait_until(account.failed, now),
            };
            self.store.note_attempt(officer, attempt).map_err(refuse)?;
            return Err(WireError::refused(ErrorCode::BadSignIn));
        }
        if account.failed > 0 {
            self.store
                .note_attempt(officer, Attempt::Right)
                .map_err(refuse)?;
        }
        Ok(account)
    }
}

/// Until when no attempt is taken after one more wrong password.
fn wait_until(failed: u32, now: UnixMs) -> UnixMs {
    let Some(over) = (failed + 1).checked_sub(FREE_ATTEMPTS) else {
        return now;
    };
    now.plus(WAIT_MS.saturating_mul(1 << over.min(16)).min(WAIT_MAX_MS))
}

/// A public key from hexadecimal.
fn public_key(text: &str) -> Result<Vec<u8>, WireError> {
    let key = hex::decode(text).ok().filter(|key| key.len() == 32);
    key.ok_or(WireError::refused(ErrorCode::BadBody))
}
