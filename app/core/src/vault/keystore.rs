//! The platform's key store: a secret for each vault that takes part in opening it and that
//! cannot be copied off the device.

use shared::ids::OfficerId;
use zeroize::Zeroizing;

/// A secret that the hardware holds for one vault.
pub type HardwareSecret = Zeroizing<[u8; 32]>;

/// The key store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[error("key store: {0}")]
pub struct KeyStoreError(pub String);

/// A key store of the platform.
pub trait KeyStore: Send + Sync {
    /// True if there is one. Where there is none, the PIN stands alone, and the app says so.
    fn is_there(&self) -> bool;

    /// Makes the secret of a vault, in the place of one it may have had.
    fn make(&self, vault: OfficerId) -> Result<HardwareSecret, KeyStoreError>;

    /// The secret of a vault; none if the platform has destroyed it, as it does when the lock
    /// screen or the fingerprints change.
    fn get(&self, vault: OfficerId) -> Result<Option<HardwareSecret>, KeyStoreError>;
}

/// A platform without one.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoKeyStore;

impl KeyStore for NoKeyStore {
    fn is_there(&self) -> bool {
        false
    }

    fn make(&self, _: OfficerId) -> Result<HardwareSecret, KeyStoreError> {
        Err(KeyStoreError("there is none".to_owned()))
    }

    fn get(&self, _: OfficerId) -> Result<Option<HardwareSecret>, KeyStoreError> {
        Ok(None)
    }
}
