//! Receiving: segments from exchanges, from spools and from files, each checked by itself and
//! made durable in one unit of work.

use shared::doc::Schema;
use shared::guard::{Checked, Limits as GuardLimits};
use shared::hash::ChangeHash;
use shared::ids::{ActorId, DeviceId, OfficerId};
use shared::log::{Entry, EntryKind, Segment, Verified, encode};
use shared::time::UnixMs;
use shared::wire::{ErrorCode, Limits, VerdictCode, Waiting, WireError};

use super::gate::refuse;
use super::{Moved, Server};
use crate::store::{Device, Incoming, Place, Push, Received, Refusal};

/// Entries of one segment.
const ENTRIES_MAX: usize = 4096;
/// Bytes of one header: names, never content.
const HEADER_BYTES: usize = 64 * 1024;
/// When a device of which too much waits for judgement should come back.
const DEFERRED_MS: u64 = 5_000;
/// Bytes of one statement.
const STATEMENT_BYTES: usize = 256 * 1024;

impl Server {
    /// Receives a segment: chain and signature are checked here, and each payload's own
    /// soundness; what it may do is judged later.
    pub(super) fn receive(
        &self,
        device: &Device,
        segment: Segment,
        waiting: Option<Waiting>,
        now: UnixMs,
    ) -> Result<(), WireError> {
        self.within_quota(device.id)?;
        self.receive_at_once(device, segment, waiting, now)
    }

    /// The same, however much of the device waits for judgement.
    pub(super) fn receive_at_once(
        &self,
        device: &Device,
        segment: Segment,
        waiting: Option<Waiting>,
        now: UnixMs,
    ) -> Result<(), WireError> {
        check_size(&segment)?;
        let (log, signature) = (segment.log, segment.signature.clone());
        let place = self.store.place(log, segment.first).map_err(refuse)?;
        let place = place.filter(|place| place.device == device.id);
        let place = place.ok_or(WireError::refused(ErrorCode::UnknownLog))?;
        let previous = place.previous.ok_or(WireError::refused(ErrorCode::Gap))?;
        let verified = segment
            .verify(previous, &place.key)
            .map_err(|bad| self.refuse_chain(device.id, log, bad))?;
        let revoked = device.revoked.is_some();
        let entries = verified
            .into_iter()
            .map(|one| self.incoming(one, &place, revoked))
            .collect::<Result<_, _>>()?;
        let push = Push {
            device: device.id,
            log,
            entries,
            signature,
            waiting,
        };
        let code = match self.store.receive(&push, now).map_err(refuse)? {
            Received::Stored { .. } => {
                self.tell(Moved::Devices);
                return Ok(());
            }
            Received::Gap => ErrorCode::Gap,
            Received::Fork(_) => ErrorCode::Fork,
            Received::UnknownLog => ErrorCode::UnknownLog,
        };
        Err(WireError::refused(code))
    }

    /// Refuses more of a device of which much waits for judgement. It keeps what it has, and
    /// comes back.
    fn within_quota(&self, device: DeviceId) -> Result<(), WireError> {
        let waits = self.store.pending(device).map_err(refuse)?;
        if waits < self.config.pending_bytes {
            return Ok(());
        }
        metrics::counter!("beatbook_pushes_deferred_total").increment(1);
        Err(WireError::Refused {
            code: ErrorCode::SlowDown,
            retry_after_ms: Some(DEFERRED_MS),
        })
    }

    fn incoming(
        &self,
        verified: Verified,
        place: &Place,
        revoked: bool,
    ) -> Result<Incoming, WireError> {
        // What was received before is only compared by its hash, and kept as evidence if that is
        // another.
        let mut incoming = if verified.header.seq < place.next {
            known(verified)
        } else {
            examine(verified, place.officer, self.config.schema)
        };
        if revoked && incoming.rejected.is_none() {
            incoming.sealed = Some(self.sealed(&incoming.verified)?);
        }
        Ok(incoming)
    }

    /// Evidence: kept as it is, or sealed where a revoked device brings it.
    pub(super) fn kept(&self, verified: Verified, revoked: bool) -> Result<Incoming, WireError> {
        let sealed = revoked.then(|| self.sealed(&verified)).transpose()?;
        Ok(Incoming {
            sealed,
            ..known(verified)
        })
    }

    /// Salt and payload for the server's own key. The header stays readable, for the chain.
    fn sealed(&self, verified: &Verified) -> Result<Vec<u8>, WireError> {
        let body = Entry {
            header: Vec::new(),
            ..verified.entry.clone()
        };
        let sealed = self.sealing.seal(&encode(&body));
        sealed.map_err(|_| WireError::refused(ErrorCode::Internal))
    }
}

pub(super) fn check_size(segment: &Segment) -> Result<(), WireError> {
    let mut bytes = 0;
    for entry in &segment.entries {
        bytes += entry.header.len() + entry.payload.len();
        if entry.header.len() > HEADER_BYTES {
            return Err(WireError::refused(ErrorCode::TooLarge));
        }
    }
    if segment.entries.len() > ENTRIES_MAX || bytes > Limits::REQUEST.plain {
        return Err(WireError::refused(ErrorCode::TooLarge));
    }
    Ok(())
}

fn known(verified: Verified) -> Incoming {
    Incoming {
        verified,
        change: None,
        rejected: None,
        sealed: None,
    }
}

/// What can be said of an entry by itself.
pub(super) fn examine(verified: Verified, officer: OfficerId, schema: Schema) -> Incoming {
    let (change, rejected) = match look(&verified, officer, schema) {
        Ok(change) => (change, None),
        Err(refusal) => (None, Some(refusal)),
    };
    Incoming {
        change,
        rejected,
        ..known(verified)
    }
}

/// True for what is nothing without a record. A supervisor's word may be on an entry for the
/// audit; and of kinds that only a newer server knows nothing is said.
const fn of_a_record(kind: EntryKind) -> bool {
    match kind {
        EntryKind::Change => true,
        EntryKind::Release | EntryKind::Uphold => false,
        kind => kind.is_statement(),
    }
}

fn look(
    verified: &Verified,
    officer: OfficerId,
    schema: Schema,
) -> Result<Option<(ChangeHash, ActorId)>, Refusal> {
    let Verified { header, entry, .. } = verified;
    if !entry.payload_matches(header) && !shared::mutant!(PayloadUnchecked) {
        return Err(Refusal::new(VerdictCode::PayloadMismatch, ""));
    }
    let mismatch = |detail| Err(Refusal::new(VerdictCode::HeaderMismatch, detail));
    if header.officer != officer {
        return mismatch("officer");
    }
    if header.subject.is_none() && of_a_record(header.kind) {
        return mismatch("subject");
    }
    if header.kind != EntryKind::Change {
        let long = entry.payload.len() > STATEMENT_BYTES && schema.reads(header.schema);
        return if long {
            Err(Refusal::new(VerdictCode::BadStatement, "too_long"))
        } else {
            Ok(None)
        };
    }
    let checked = Checked::parse(entry.payload.clone(), &GuardLimits::default())
        .map_err(|refusal| Refusal::new(VerdictCode::Guard, refusal.code()))?;
    let facts = checked.facts();
    let mut deps: Vec<_> = facts
        .deps
        .iter()
        .map(|dep| ChangeHash::from_bytes(*dep))
        .collect();
    deps.sort();
    if deps != header.deps {
        return mismatch("deps");
    }
    Ok(Some((
        ChangeHash::from_bytes(facts.hash),
        ActorId::from_bytes(facts.actor),
    )))
}
