//! What can go wrong with a vault.

use shared::time::UnixMs;

use super::keystore::KeyStoreError;

/// Why a vault was not made or opened.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// Another PIN. Nothing is destroyed by wrong PINs.
    #[error("wrong PIN")]
    WrongPin {
        /// Tries before the next wait.
        tries_left: u32,
        /// How long that wait is, in milliseconds.
        then_wait: u64,
    },
    /// Too many wrong PINs in a row.
    #[error("no attempt is taken yet")]
    Wait {
        /// When the next one is.
        until: UnixMs,
    },
    /// Too short or too long to be a PIN.
    #[error("not a PIN of six characters or more")]
    BadPin,
    /// This officer has a vault here already.
    #[error("this officer has a vault on this device")]
    Exists,
    /// This officer has none.
    #[error("this officer has no vault on this device")]
    NoVault,
    /// Another process has the home.
    #[error("Beatbook is running already")]
    InUse,
    /// The escrow recipient does not read.
    #[error("the escrow key does not read")]
    BadEscrow,
    /// The secret that the hardware held for the vault is gone. The escrow key opens it still.
    #[error("the hardware's secret of the vault is gone")]
    KeyLost,
    /// The key store of the platform failed; the vault is as it was.
    #[error("the key store failed")]
    KeyStore(#[source] KeyStoreError),
    /// Nothing lies beside the vault that the escrow key could open.
    #[error("the vault has no escrow wrap")]
    NoWrap,
    /// What came for a forgotten PIN does not open the vault. It is as it was.
    #[error("the answer does not open the vault")]
    WrongAnswer,
    /// A file of the vault does not read.
    #[error("the vault's file does not read")]
    Damaged(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The key derivation needs more memory than there is.
    #[error("key derivation failed")]
    Kdf,
    /// The file system.
    #[error("file system")]
    Io(#[from] std::io::Error),
}

impl VaultError {
    /// True if there is no room on the disk.
    pub(crate) fn is_full(&self) -> bool {
        use std::io::ErrorKind::{QuotaExceeded, StorageFull};
        matches!(self, Self::Io(error) if matches!(error.kind(), StorageFull | QuotaExceeded))
    }

    pub(crate) fn damaged(error: serde_json::Error) -> Self {
        Self::Damaged(Box::new(error))
    }
}
