//! What a device tells the screens.

use crate::core::Changed;

/// What screens may have to ask again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Something in the open vault.
    In(Changed),
    /// A vault was opened or closed.
    Lock,
    /// What a locked vault sends.
    Spool,
}

impl Change {
    /// The name in events.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::In(changed) => changed.as_str(),
            Self::Lock => "lock",
            Self::Spool => "spool",
        }
    }
}

/// Hears that something changed.
pub type Listener = Box<dyn Fn(Change) + Send + Sync>;
