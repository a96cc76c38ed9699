//! What a device sends beside its exchanges: the spool of a locked phone, and the tail of a log
//! that has split.

use shared::hash::HeaderHash;
use shared::ids::{LogId, Seq};
use shared::log::{Segment, decode_canonical};
use shared::wire::{BadBody, Credential, ErrorCode, PARCEL_MAX, WireError};

use super::gate::refuse;
use super::receive::check_size;
use super::{Moved, Server};
use crate::store::{Evidence, Kept};

impl Server {
    /// Receives the spool of a locked phone exactly as a push; gives the signed checkpoint.
    pub fn spool(
        &self,
        credential: &Credential,
        log: LogId,
        sealed: &[u8],
    ) -> Result<Vec<u8>, WireError> {
        let device = self.device_of(credential)?;
        let segment = self
            .open_parcel(log, sealed)
            .inspect_err(|_| self.note_bad_body(credential, BadBody::Message))?;
        if self.is_more_of_a_tail(&segment)? {
            self.evidence(credential, segment)?;
            return Err(WireError::refused(ErrorCode::Fork));
        }
        self.receive(&device, segment, None, self.env.now())?;
        let receipt = self.store.receipt(log).map_err(refuse)?;
        let receipt = receipt.ok_or(WireError::refused(ErrorCode::UnknownLog))?;
        Ok(self.checkpoint(receipt))
    }

    /// True if this goes on from what is kept as evidence, and not from what was received: a tail may
    /// come in several parcels.
    fn is_more_of_a_tail(&self, segment: &Segment) -> Result<bool, WireError> {
        let (log, first) = (segment.log, segment.first);
        let Some(place) = self.store.place(log, first).map_err(refuse)? else {
            return Ok(false);
        };
        let follows = |hash| segment.clone().verify(hash, &place.key).is_ok();
        if place.previous.is_some_and(follows) {
            return Ok(false);
        }
        Ok(self.before(log, first, None)?.into_iter().any(follows))
    }

    /// Opens a parcel: an age file of one segment of this log.
    pub(super) fn open_parcel(&self, log: LogId, sealed: &[u8]) -> Result<Segment, WireError> {
        if sealed.len() > PARCEL_MAX {
            return Err(WireError::refused(ErrorCode::TooLarge));
        }
        let bad = || WireError::refused(ErrorCode::BadBody);
        let plain = self.sealing.open_sealed(sealed, PARCEL_MAX);
        let segment: Segment = decode_canonical(&plain.map_err(|_| bad())?).map_err(|_| bad())?;
        match segment.log == log {
            true => Ok(segment),
            false => Err(bad()),
        }
    }

    /// Keeps the tail of a log of this device that has split. It is never judged.
    pub fn evidence(&self, credential: &Credential, segment: Segment) -> Result<(), WireError> {
        let device = self.device_of(credential)?;
        check_size(&segment)?;
        let (log, first) = (segment.log, segment.first);
        let place = self.store.place(log, first).map_err(refuse)?;
        let place = place.filter(|place| place.device == device.id);
        let place = place.ok_or(WireError::refused(ErrorCode::UnknownLog))?;
        let verified = self
            .before(log, first, place.previous)?
            .into_iter()
            .find_map(|previous| segment.clone().verify(previous, &place.key).ok())
            .ok_or(WireError::refused(ErrorCode::BadChain))?;
        let revoked = device.revoked.is_some();
        let entries = verified.into_iter().map(|one| self.kept(one, revoked));
        let evidence = Evidence {
            device: device.id,
            log,
            entries: entries.collect::<Result<_, _>>()?,
        };
        let now = self.env.now();
        match self.store.keep_evidence(&evidence, now).map_err(refuse)? {
            Kept::Stored(_) => {
                self.tell(Moved::Devices);
                Ok(())
            }
            Kept::Full => Err(WireError::refused(ErrorCode::TooLarge)),
            Kept::UnknownLog => Err(WireError::refused(ErrorCode::UnknownLog)),
        }
    }

    /// The hashes that may stand before a tail: of the branch that was received, and of those
    /// that are kept as evidence.
    fn before(
        &self,
        log: LogId,
        first: Seq,
        received: Option<HeaderHash>,
    ) -> Result<Vec<HeaderHash>, WireError> {
        let Some(before) = first.0.checked_sub(1) else {
            return Ok(received.into_iter().collect());
        };
        self.store.branches_at(log, Seq(before)).map_err(refuse)
    }
}
