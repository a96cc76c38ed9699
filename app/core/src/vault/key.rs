//! The database key and what it is wrapped in.

use argon2::{Algorithm, Argon2, Params, Version};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hmac;
use serde::{Deserialize, Serialize};
use shared::ids::OfficerId;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::VaultError;
use super::keystore::HardwareSecret;
use crate::env::Env;

/// The raw key of an encrypted database.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct DbKey([u8; 32]);

impl std::fmt::Debug for DbKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DbKey")
    }
}

/// The cost of Argon2id. It lies beside each wrapped key, so that it can be raised later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct KdfParams {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl KdfParams {
    /// For devices: 64 MiB and three passes, about a sixth of a second.
    pub const DEVICE: Self = Self {
        memory_kib: 64 * 1024,
        passes: 3,
        lanes: 1,
    };
    /// For tests that unlock often.
    pub const TEST: Self = Self {
        memory_kib: 64,
        passes: 1,
        lanes: 1,
    };
    /// The most that a vault's file may ask for.
    const MEMORY_MAX_KIB: u32 = 1024 * 1024;
    const PASSES_MAX: u32 = 64;
    const LANES_MAX: u32 = 16;

    /// A file that was tampered with must not keep the device busy for ever.
    const fn sane(self) -> bool {
        self.memory_kib <= Self::MEMORY_MAX_KIB
            && self.passes <= Self::PASSES_MAX
            && self.lanes <= Self::LANES_MAX
    }
}

/// A database key sealed under a key derived from a PIN.
#[derive(Serialize, Deserialize)]
pub(super) struct Wrapped {
    kdf: KdfParams,
    #[serde(with = "hex::serde")]
    salt: [u8; 16],
    #[serde(with = "hex::serde")]
    nonce: [u8; NONCE_LEN],
    #[serde(with = "hex::serde")]
    sealed: Vec<u8>,
}

impl DbKey {
    /// From its bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// A new key.
    pub fn random(env: &Env) -> Self {
        Self(env.bytes())
    }

    /// Its bytes, for the database and nothing else.
    pub const fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// From an age file that the force's escrow key holder made for a key of this moment.
    pub fn from_answer(
        identity: &age::x25519::Identity,
        answer: &[u8],
    ) -> Result<Self, VaultError> {
        let plain = age::decrypt(identity, answer).map_err(|_| VaultError::WrongAnswer)?;
        let plain = Zeroizing::new(plain);
        let key = plain.as_slice().try_into();
        key.map(Self).map_err(|_| VaultError::WrongAnswer)
    }

    /// Wraps it to an age recipient (the force's escrow key).
    pub(super) fn wrap_to(&self, recipient: &str) -> Result<Vec<u8>, VaultError> {
        let recipient: age::x25519::Recipient =
            recipient.parse().map_err(|_| VaultError::BadEscrow)?;
        age::encrypt(&recipient, &self.0).map_err(|_| VaultError::BadEscrow)
    }

    /// Wraps it by a PIN, and by the secret of the hardware where there is one.
    pub(super) fn wrap(
        &self,
        pin: &str,
        officer: OfficerId,
        kdf: KdfParams,
        secret: Option<&HardwareSecret>,
        env: &Env,
    ) -> Result<Wrapped, VaultError> {
        let salt = env.bytes();
        let nonce = env.bytes();
        let key = derive(pin, &salt, kdf, secret)?;
        let mut sealed = self.0.to_vec();
        key.seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            aad(officer).as_ref(),
            &mut sealed,
        )
        .map_err(|_| VaultError::Kdf)?;
        Ok(Wrapped {
            kdf,
            salt,
            nonce,
            sealed,
        })
    }
}

impl Wrapped {
    /// The key, or none if the PIN is another.
    pub(super) fn unwrap(
        &self,
        pin: &str,
        officer: OfficerId,
        secret: Option<&HardwareSecret>,
    ) -> Result<Option<DbKey>, VaultError> {
        let key = derive(pin, &self.salt, self.kdf, secret)?;
        let mut sealed = Zeroizing::new(self.sealed.clone());
        let nonce = Nonce::assume_unique_for_key(self.nonce);
        let Ok(plain) = key.open_in_place(nonce, aad(officer).as_ref(), &mut sealed) else {
            return Ok(None);
        };
        Ok((&*plain).try_into().ok().map(DbKey))
    }
}

/// Binds the wrap to its vault, so that it cannot be moved to another's folder.
fn aad(officer: OfficerId) -> AadBytes {
    let mut bytes = b"beatbook/vault/1".to_vec();
    bytes.extend_from_slice(officer.as_bytes());
    AadBytes(bytes)
}

struct AadBytes(Vec<u8>);

impl AadBytes {
    fn as_ref(&self) -> Aad<&[u8]> {
        Aad::from(&self.0)
    }
}

fn derive(
    pin: &str,
    salt: &[u8],
    kdf: KdfParams,
    secret: Option<&HardwareSecret>,
) -> Result<LessSafeKey, VaultError> {
    if !kdf.sane() {
        return Err(VaultError::Kdf);
    }
    let params = Params::new(kdf.memory_kib, kdf.passes, kdf.lanes, Some(32))
        .map_err(|_| VaultError::Kdf)?;
    let mut key = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(pin.as_bytes(), salt, key.as_mut())
        .map_err(|_| VaultError::Kdf)?;
    if let Some(secret) = secret {
        let held = hmac::Key::new(hmac::HMAC_SHA256, secret.as_ref());
        let mut mixed = hmac::Context::with_key(&held);
        mixed.update(b"beatbook/wrap/1");
        mixed.update(key.as_ref());
        key.copy_from_slice(mixed.sign().as_ref());
    }
    UnboundKey::new(&AES_256_GCM, key.as_ref())
        .map(LessSafeKey::new)
        .map_err(|_| VaultError::Kdf)
}
