//! What can go wrong with the device as a whole.

use shared::wire::{ErrorCode, WireError};

use crate::core::CoreError;
use crate::vault::VaultError;
use crate::view::ErrorView;

/// Why a command of the device failed.
#[derive(Debug, thiserror::Error)]
pub enum DeviceError {
    /// No vault is open.
    #[error("locked")]
    Locked,
    /// The device has no server yet.
    #[error("not enrolled")]
    NotEnrolled,
    /// The device has one already.
    #[error("enrolled already")]
    AlreadyEnrolled,
    /// The text is no enrolment link.
    #[error("not an enrolment link")]
    BadLink,
    /// The code is unknown, used or expired.
    #[error("the enrolment code cannot be used")]
    BadCode,
    /// No vault has this id.
    #[error("no such vault")]
    NoSuchVault,
    /// No request for the key of this vault is under way, or it has not been answered.
    #[error("no key was asked for")]
    NoRecovery,
    /// What lies beside the vault names another server than it was made for.
    #[error("the server of this vault is another")]
    ServerChanged,
    /// The server gave no key to seal to.
    #[error("there is no key to seal to")]
    CannotSeal,
    /// Everything was received.
    #[error("nothing is unsent")]
    NothingUnsent,
    /// The vault.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The open vault.
    #[error(transparent)]
    Core(#[from] CoreError),
    /// The server, or the way to it.
    #[error(transparent)]
    Wire(#[from] WireError),
    /// Something that cannot be, was.
    #[error("unexpected")]
    Unexpected,
}

impl DeviceError {
    /// What the screens are given.
    pub fn view(&self) -> ErrorView {
        match self {
            Self::Locked => ErrorView::code("locked"),
            Self::NotEnrolled => ErrorView::code("not_enrolled"),
            Self::AlreadyEnrolled => ErrorView::code("already_enrolled"),
            Self::BadLink => ErrorView::code("bad_link"),
            Self::BadCode => ErrorView::code("bad_enrolment_code"),
            Self::NoSuchVault => ErrorView::code("no_vault"),
            Self::NoRecovery => ErrorView::code("no_recovery"),
            Self::ServerChanged => ErrorView::code("server_changed"),
            Self::CannotSeal => ErrorView::code("cannot_seal"),
            Self::NothingUnsent => ErrorView::code("nothing_unsent"),
            Self::Vault(error) => vault(error),
            Self::Core(error) => ErrorView {
                field: error.field().map(str::to_owned),
                ..ErrorView::code(error.code())
            },
            Self::Wire(error) => ErrorView::code(wire(error)),
            Self::Unexpected => ErrorView::code("unexpected"),
        }
    }
}

fn vault(error: &VaultError) -> ErrorView {
    match error {
        VaultError::WrongPin {
            tries_left,
            then_wait,
        } => ErrorView {
            tries_left: Some(*tries_left),
            then_wait_ms: i64::try_from(*then_wait).ok(),
            ..ErrorView::code("wrong_pin")
        },
        VaultError::Wait { until } => ErrorView {
            wait_until: Some(until.0),
            ..ErrorView::code("wait")
        },
        VaultError::BadPin => ErrorView::code("bad_pin"),
        VaultError::InUse => ErrorView::code("in_use"),
        VaultError::Exists => ErrorView::code("vault_exists"),
        VaultError::NoVault => ErrorView::code("no_vault"),
        VaultError::KeyLost => ErrorView::code("key_lost"),
        VaultError::WrongAnswer => ErrorView::code("wrong_answer"),
        VaultError::NoWrap => ErrorView::code("no_escrow"),
        VaultError::BadEscrow | VaultError::Kdf | VaultError::KeyStore(_) => {
            ErrorView::code("unexpected")
        }
        VaultError::Damaged(_) => ErrorView::code("vault_damaged"),
        full if full.is_full() => ErrorView::code("disk_full"),
        VaultError::Io(_) => ErrorView::code("storage"),
    }
}

fn wire(error: &WireError) -> &'static str {
    match error {
        WireError::NoConnection => "no_connection",
        WireError::Silent => "server_silent",
        WireError::WrongServer => "wrong_server",
        WireError::Garbled => "garbled",
        WireError::Refused {
            code: ErrorCode::Internal,
            ..
        } => "busy",
        WireError::Refused { code, .. } => code.as_str(),
    }
}
