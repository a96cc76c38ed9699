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
    /// The age recipient of the server's sealing key; empty if it gave none.
    #[serde(default)]
    pub sealing: String,
}

impl Enrolment {
    /// A hash over whom a vault trusts: the server's certificate and receipts, and the keys that
    /// its words are sealed to. It is kept inside the vault, so that a file beside it that was
    /// changed meanwhile leads no words to anybody else. The address may change: the certificate
    /// says who answers there.
    pub fn bond(&self) -> [u8; 32] {
        let parts = [&self.pin, &self.receipt_key, &self.escrow, &self.sealing];
        let mut bytes = b"beatbook/bond/1".to_vec();
        for part in parts {
            bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
            bytes.extend_from_slice(part.as_bytes());
        }
        shared::hash::sha256(&[&bytes])
    }
}

impl std::fmt::Debug for Enrolment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Enrolment({:?} at {})", self.device, self.server)
    }
}
