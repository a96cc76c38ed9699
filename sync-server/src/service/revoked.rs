//! What revoked devices sent: released or discarded by a person, and by nobody else.

use shared::ids::{DeviceId, ReceivePos};
use shared::log::{Entry, Verified, decode_canonical};
use shared::wire::Limits;

use super::receive::examine;
use super::{Moved, Server, ServerError};
use crate::store::{AuditEvent, Incoming, Sealed, StoreError, Unsealed};

/// Sealed entries released in one unit of work.
const AT_ONCE: u32 = 256;

impl Server {
    /// Lets what a revoked device sent go the way of all entries: opened, examined, and judged
    /// like any others. Gives how many entries.
    pub fn release_device(&self, device: DeviceId, reason: &str) -> Result<u64, ServerError> {
        self.revoked_device(device)?;
        let (mut released, mut after) = (0, ReceivePos(0));
        loop {
            let sealed = self.store.sealed(device, after, AT_ONCE)?;
            let Some(last) = sealed.last() else { break };
            after = last.position;
            let open: Vec<Unsealed> = sealed
                .into_iter()
                .map(|one| self.unseal(one))
                .collect::<Result<_, _>>()?;
            released += self.store.release_sealed(&open, self.env.now())?;
        }
        self.note_decision("device_released", device, released, reason)?;
        self.tell(Moved::Devices);
        Ok(released)
    }

    /// Keeps what a revoked device sent out for good; the sealed bytes stay. Gives how many
    /// entries.
    pub fn discard_device(&self, device: DeviceId, reason: &str) -> Result<u64, ServerError> {
        self.revoked_device(device)?;
        let discarded = self.store.discard_sealed(device, self.env.now())?;
        self.note_decision("device_discarded", device, discarded, reason)?;
        self.tell(Moved::Devices);
        Ok(discarded)
    }

    fn revoked_device(&self, device: DeviceId) -> Result<(), ServerError> {
        let found = self.store.devices()?.into_iter().find(|it| it.id == device);
        match found.ok_or(ServerError::Missing)?.revoked {
            Some(_) => Ok(()),
            None => Err(ServerError::Invalid("this device was not revoked")),
        }
    }

    fn unseal(&self, sealed: Sealed) -> Result<Unsealed, ServerError> {
        let plain = self
            .sealing
            .open_sealed(&sealed.body, Limits::REQUEST.plain)?;
        let body: Entry = decode_canonical(&plain).map_err(|_| StoreError::Damaged("sealed"))?;
        let (salt, payload) = (body.salt, body.payload.clone());
        let verified = Verified {
            header: sealed.header,
            // Nothing asks for it: the chain was checked at receipt.
            hash: shared::hash::HeaderHash::from_bytes([0; 32]),
            entry: Entry {
                header: sealed.header_bytes,
                ..body
            },
        };
        let Incoming {
            change, rejected, ..
        } = examine(verified, sealed.officer, self.config.schema);
        Ok(Unsealed {
            position: sealed.position,
            salt,
            payload,
            change,
            rejected,
        })
    }

    fn note_decision(
        &self,
        kind: &'static str,
        device: DeviceId,
        entries: u64,
        reason: &str,
    ) -> Result<(), ServerError> {
        let event = AuditEvent {
            kind,
            device: Some(device),
            detail: format!("entries={entries} reason={reason}"),
            ..Default::default()
        };
        Ok(self.store.audit(&event, self.env.now())?)
    }
}
