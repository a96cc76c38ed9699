//! Enrolling a device and signing in. These are rare and small: plain JSON.

use serde::{Deserialize, Serialize};

use crate::ids::{DeviceId, EntryId, LogId, OfficerId, PolicySeq};
use crate::policy::Role;
use crate::time::UnixMs;

/// A device offers the one-time code it was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolRequest {
    /// The code.
    pub code: String,
    /// `phone` or `tablet`.
    pub form_factor: String,
}

/// What an enrolled device keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolResponse {
    /// The device.
    pub device: DeviceId,
    /// Its name, given by the administrator.
    pub name: String,
    /// 256 bits, hexadecimal: the transport credential. The server keeps its hash.
    pub credential: String,
    /// The force.
    pub force: String,
    /// The key that verifies receipts: Ed25519, hexadecimal.
    pub receipt_key: String,
    /// The age recipient that database keys are also wrapped to.
    pub escrow: String,
    /// The age recipient that a locked phone's spool and other sealed work are for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sealing: String,
}

/// An officer signs in on an enrolled device.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInRequest {
    /// Collar number.
    pub collar: String,
    /// Password.
    pub password: String,
    /// The public key of a new vault, hexadecimal, to open a log for it; none to renew a
    /// session.
    pub key: Option<String>,
    /// The log whose session is renewed, or the one to open.
    pub log: LogId,
    /// Of a log that continues another, where that one had got to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<EntryId>,
}

/// An officer who forgot the PIN asks for the database key from the force's escrow.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryRequest {
    /// The log of the vault.
    pub log: LogId,
    /// The vault's wrap of its database key to the escrow key: an age file.
    pub wrap: Vec<u8>,
    /// The age recipient of a key made for this request alone.
    pub recipient: String,
}

impl std::fmt::Debug for RecoveryRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RecoveryRequest({:?})", self.log)
    }
}

/// The request waits for a person with the escrow key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryTicket {
    /// What the officer tells them.
    pub code: String,
    /// Until when it can be used.
    pub expires: UnixMs,
}

impl std::fmt::Debug for SignInRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SignInRequest({:?})", self.log)
    }
}

/// Who signed in, and until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInResponse {
    /// Opaque token of the session. The server keeps its hash.
    pub session: String,
    /// When it ends.
    pub expires: UnixMs,
    /// Who.
    pub officer: OfficerId,
    /// For example "PC 4417 Patel".
    pub label: String,
    /// Collar number.
    pub collar: String,
    /// Role.
    pub role: Role,
    /// The team's name.
    pub team: String,
    /// The station.
    pub station: String,
    /// The authority at this moment.
    pub policy: PolicySeq,
    /// The server's clock.
    pub server_time: UnixMs,
}
