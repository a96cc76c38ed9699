//! Sealing to the server's key.

use std::fmt;

/// The text is no age recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the server's sealing key does not read")]
pub struct BadRecipient;

/// Sealing failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("sealing failed")]
pub struct CannotSeal;

/// Makes bytes that only the server can open.
pub trait Seal: Send + Sync {
    /// Seals them.
    fn seal(&self, plain: &[u8]) -> Result<Vec<u8>, CannotSeal>;
}

/// Seals as an age file.
#[derive(Clone)]
pub struct AgeSeal(age::x25519::Recipient);

impl AgeSeal {
    /// For this recipient, `age1…`.
    pub fn to(recipient: &str) -> Result<Self, BadRecipient> {
        recipient.parse().map(Self).map_err(|_| BadRecipient)
    }

    /// The recipient, for files that are sealed as they are written.
    pub(crate) const fn recipient(&self) -> &age::x25519::Recipient {
        &self.0
    }
}

impl fmt::Debug for AgeSeal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AgeSeal")
    }
}

impl Seal for AgeSeal {
    fn seal(&self, plain: &[u8]) -> Result<Vec<u8>, CannotSeal> {
        age::encrypt(&self.0, plain).map_err(|_| CannotSeal)
    }
}
