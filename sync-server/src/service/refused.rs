//! What is refused as a whole, and no honest device sends: the auditor is told.

use std::collections::BTreeMap;

use shared::ids::{DeviceId, LogId};
use shared::log::ChainError;
use shared::time::UnixMs;
use shared::wire::{BadBody, Credential, ErrorCode, WireError};

use super::{Server, lock};
use crate::store::AuditEvent;

/// One device's refusals for one reason are written down once in so long: whoever goes on and
/// on must not fill the audit.
const EACH_MS: i64 = 10 * 60 * 1000;
/// Devices and reasons that are remembered.
const REMEMBERED: usize = 4096;

/// When a device's refusal for a reason was last written down.
pub(super) type Noted = BTreeMap<(DeviceId, &'static str), UnixMs>;

impl Server {
    /// A device has sent a body that does not read: cut short, a bomb, or of another form.
    pub fn note_bad_body(&self, credential: &Credential, bad: BadBody) {
        // Who is not known here was told so, and is nobody that could be named.
        if let Ok(device) = self.device_of(credential) {
            self.note(device.id, bad.code(), String::new());
        }
    }

    /// A device has sent a segment whose chain or signature does not hold.
    pub(super) fn refuse_chain(&self, device: DeviceId, log: LogId, bad: ChainError) -> WireError {
        self.note(device, bad.code(), format!(" log={log}"));
        WireError::refused(ErrorCode::BadChain)
    }

    fn note(&self, device: DeviceId, reason: &'static str, more: String) {
        let now = self.env.now();
        if !self.is_due(device, reason, now) {
            return;
        }
        let event = AuditEvent {
            kind: "push_refused",
            device: Some(device),
            detail: format!("reason={reason}{more}"),
            ..Default::default()
        };
        // The refusal itself stands; a store that cannot be written says so elsewhere.
        if let Err(error) = self.store.audit(&event, now) {
            tracing::error!(%error, "a refusal was not written down");
        }
    }

    fn is_due(&self, device: DeviceId, reason: &'static str, now: UnixMs) -> bool {
        let mut noted = lock(&self.noted);
        let recent = |at: &UnixMs| now.0.saturating_sub(at.0).abs() < EACH_MS;
        if noted.get(&(device, reason)).is_some_and(recent) {
            return false;
        }
        if noted.len() >= REMEMBERED {
            noted.retain(|_, at| recent(at));
        }
        if noted.len() < REMEMBERED {
            noted.insert((device, reason), now);
        }
        true
    }
}
