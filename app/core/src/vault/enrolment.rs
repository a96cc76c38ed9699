//! What an enrolled device keeps outside its vaults.

use serde::{Deserialize, Serialize};
use shared::ids::DeviceId;

use crate::view::FormFactor;

/// The device's place at its server. The credential allows pushing and nothing else, so it
/// may lie where a locked device can read it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolment {
    /// The device.
    pub device: DeviceId,
    /// Its name.
    pub name: String,
    /// The force.
    pub force: String,
    /// Phone or tablet.
    pub form_factor: FormFactor,
    /// The server's address, for example `https://beatbook.example:8443`.
    pub server: String,
    /// SHA-256 of the one certificate that is accepted, hexadecimal.
    pub pin: String,
    /// The transport credential.
    pub credential: String,
    /// The key that verifies receipts, hexadecimal.
    pub receipt_key: String,
    /// The age recipient of the force's escrow key.
    pub escrow: String,
}

impl std::fmt::Debug for Enrolment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Enrolment({:?} at {})", self.device, self.server)
    }
}
