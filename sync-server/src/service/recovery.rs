//! The forgotten PIN: an officer who signed in asks, a person with the escrow key answers.

use age::x25519::{Identity, Recipient};
use shared::ids::LogId;
use shared::wire::{Credential, ErrorCode, RecoveryRequest, RecoveryTicket, WireError};

use super::gate::refuse;
use super::sealing::{open_with, seal_to};
use super::{Server, ServerError, secret};
use crate::store::NewRecovery;

/// How long a request waits for a person, and its answer for the device.
const WAITS_MS: i64 = 30 * 60 * 1000;
/// Requests of one vault, in this time.
const MOST: u32 = 5;
const MOST_IN_MS: i64 = 3600 * 1000;
/// Bytes of a wrap, and of the key in it.
const WRAP_MAX: usize = 2048;
const KEY_MAX: usize = 256;
/// Characters of a recipient.
const RECIPIENT_MAX: usize = 128;

/// Whose vault was recovered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovered {
    /// The officer, for example "PC 4417 Patel".
    pub officer: String,
    /// The device's name.
    pub device: String,
}

impl Server {
    /// Notes a request for the key of the vault that is signed in; gives the code that the
    /// officer tells whoever has the escrow key.
    pub fn recovery_begin(
        &self,
        credential: &Credential,
        request: RecoveryRequest,
    ) -> Result<RecoveryTicket, WireError> {
        let (_, log) = self.vault(credential)?;
        let bad = WireError::refused(ErrorCode::BadBody);
        if request.log != log || request.wrap.len() > WRAP_MAX {
            return Err(bad);
        }
        let short = request.recipient.len() <= RECIPIENT_MAX;
        if !short || request.recipient.parse::<Recipient>().is_err() {
            return Err(bad);
        }
        let now = self.env.now();
        let (code, expires) = (secret::code(&self.env), now.plus(WAITS_MS));
        let new = NewRecovery {
            code: secret::code_hash(&code),
            log,
            wrap: request.wrap,
            recipient: request.recipient,
            expires,
            most: (MOST, now.plus(-MOST_IN_MS)),
        };
        if !self.store.add_recovery(&new, now).map_err(refuse)? {
            return Err(WireError::Refused {
                code: ErrorCode::SlowDown,
                retry_after_ms: Some(MOST_IN_MS.unsigned_abs()),
            });
        }
        Ok(RecoveryTicket { code, expires })
    }

    /// The answer, once there is one. It is sealed to the key that asked, so that it may be
    /// fetched again when an answer was lost on its way.
    pub fn recovery_fetch(
        &self,
        credential: &Credential,
        log: LogId,
    ) -> Result<Option<Vec<u8>>, WireError> {
        let (_, of) = self.vault(credential)?;
        if of != log {
            return Err(WireError::refused(ErrorCode::NotFound));
        }
        self.store
            .recovery_answer(log, self.env.now())
            .map_err(refuse)
    }

    /// Answers the request with this code: opens the wrap with the escrow key, and seals what
    /// is in it to the key that asked. The escrow key is kept nowhere.
    pub fn recover(&self, code: &str, escrow: &str) -> Result<Recovered, ServerError> {
        let identity: Identity = escrow
            .lines()
            .map(str::trim)
            .find(|line| !line.is_empty() && !line.starts_with('#'))
            .and_then(|line| line.parse().ok())
            .ok_or(ServerError::Invalid("the file has no age identity"))?;
        let now = self.env.now();
        let hash = secret::code_hash(code);
        let request = self.store.recovery(&hash, now)?;
        let request = request.ok_or(ServerError::Missing)?;
        let recipient: Recipient = request
            .recipient
            .parse()
            .map_err(|_| ServerError::Invalid("the request names no key"))?;
        let key = zeroize::Zeroizing::new(open_with(&[identity], &request.wrap, KEY_MAX)?);
        let answer = seal_to(&recipient, &key)?;
        if !self.store.answer_recovery(&hash, &answer, now)? {
            return Err(ServerError::Missing);
        }
        let officer = self.authority()?.label(request.officer);
        let mut devices = self.store.devices()?.into_iter();
        let device = devices.find(|it| it.id == request.device);
        Ok(Recovered {
            officer: officer.unwrap_or_default(),
            device: device.map(|it| it.name).unwrap_or_default(),
        })
    }
}
