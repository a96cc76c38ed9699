//! The one request that does push and pull.

use shared::doc::SCHEMA;
use shared::guard::{Checked, Limits as GuardLimits};
use shared::hash::ChangeHash;
use shared::ids::{ActorId, OfficerId};
use shared::log::{EntryKind, Segment, Verified};
use shared::time::UnixMs;
use shared::wire::{
    Checkpoint, Credential, Cursors, ErrorCode, ExchangeRequest, ExchangeResponse, Limits,
    SessionState, VERSION_MAX, VERSION_MIN, VerdictCode, WireError,
};

use super::gate::refuse;
use super::{Moved, Server};
use crate::store::{Device, Heard, Incoming, News, NewsQuery, Push, Received, Refusal};

/// Entries of one segment.
const ENTRIES_MAX: usize = 4096;
/// Bytes of one header: names, never content.
const HEADER_BYTES: usize = 64 * 1024;
/// Bytes of one statement.
const STATEMENT_BYTES: usize = 256 * 1024;
/// Backfills one vault may ask for at once.
const BACKFILLS_MAX: usize = 64;
/// Bytes of news in one answer, whatever the device wants.
const BUDGET_MAX: usize = 8 << 20;
/// A device that only asks is noted as heard of this often.
const HEARD_EVERY_MS: i64 = 10_000;

impl Server {
    /// Pushes a device's outbox and gives it news.
    pub fn exchange(
        &self,
        credential: &Credential,
        request: ExchangeRequest,
    ) -> Result<ExchangeResponse, WireError> {
        let device = self.device_of(credential)?;
        if request.oldest > VERSION_MAX || request.version < request.oldest {
            return Err(WireError::refused(ErrorCode::BadVersion));
        }
        if request.cursors.backfills.len() > BACKFILLS_MAX {
            return Err(WireError::refused(ErrorCode::TooLarge));
        }
        let now = self.env.now();
        match request.push {
            Some(segment) => self.receive(&device, segment, request.waiting, now)?,
            None => self.hear(&device, request.waiting, now)?,
        }
        let session = self.session_state(credential, &device, request.version, request.log)?;
        let news = session == SessionState::Current;
        // Cursors of another lineage mean nothing here: everything is given again.
        let same_epoch = request.epoch.is_none_or(|epoch| epoch == self.epoch);
        if news && same_epoch {
            let mut stored = request.cursors.mailbox;
            if shared::mutant!(MailForgottenEarly) {
                stored.0 += 1;
            }
            self.store
                .forget_mail(request.log, stored)
                .map_err(refuse)?;
        }
        let cursors = if same_epoch {
            request.cursors.clone()
        } else {
            let backfills = request.cursors.backfills.clone();
            Cursors {
                backfills,
                ..Cursors::default()
            }
        };
        let query = NewsQuery {
            log: request.log,
            device: device.id,
            cursors: news.then_some(cursors),
            received: request.received.filter(|_| same_epoch),
            budget: (request.budget as usize).min(BUDGET_MAX),
        };
        let news = self.store.news(&query).map_err(refuse)?;
        let version = request.version.clamp(VERSION_MIN, VERSION_MAX);
        Ok(self.answer(version, session, request.cursors, news, now))
    }

    fn answer(
        &self,
        version: u16,
        session: SessionState,
        answers: Cursors,
        news: News,
        now: UnixMs,
    ) -> ExchangeResponse {
        let checkpoint = news.receipt.map(|receipt| Checkpoint {
            epoch: self.epoch,
            log: receipt.log,
            seq: receipt.seq,
            header: receipt.header,
            position: receipt.position,
            at: receipt.at,
        });
        ExchangeResponse {
            version,
            epoch: self.epoch,
            server_time: now,
            session,
            checkpoint: checkpoint.map(|it| it.sign(&self.receipt_key).into()),
            answers,
            feed: news.feed,
            records: news.records,
            mail: news.mail,
            reference: news.reference,
            backfills: news.backfills,
            more: news.more,
            policy: news.counters.policy,
            // Nothing copies the store away yet, so nothing is covered by a copy.
            horizon: shared::ids::ReceivePos(0),
        }
    }

    fn session_state(
        &self,
        credential: &Credential,
        device: &Device,
        version: u16,
        log: shared::ids::LogId,
    ) -> Result<SessionState, WireError> {
        if device.revoked.is_some() && !shared::mutant!(RevokedStillServed) {
            return Ok(SessionState::Revoked);
        }
        if version < VERSION_MIN {
            return Ok(SessionState::Upgrade);
        }
        let session = self.session_of(credential, device)?;
        let current = session.is_some_and(|(_, of)| of == log);
        Ok(if current {
            SessionState::Current
        } else {
            SessionState::SignIn
        })
    }

    /// Notes a sign of life, if that says anything new.
    fn hear(
        &self,
        device: &Device,
        waiting: shared::wire::Waiting,
        now: UnixMs,
    ) -> Result<(), WireError> {
        let recent = device
            .last_heard
            .is_some_and(|at| now.since(at) < HEARD_EVERY_MS);
        if recent && device.waiting == waiting {
            return Ok(());
        }
        self.store
            .heard(
                &Heard {
                    device: device.id,
                    waiting,
                },
                now,
            )
            .map_err(refuse)?;
        self.tell(Moved::Devices);
        Ok(())
    }

    /// Receives a segment: chain and signature are checked here, and each payload's own
    /// soundness; what it may do is judged later.
    fn receive(
        &self,
        device: &Device,
        segment: Segment,
        waiting: shared::wire::Waiting,
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
            .map_err(|_| WireError::refused(ErrorCode::BadChain))?;
        let entries = verified
            .into_iter()
            // What was received before is only compared by its hash.
            .map(|one| {
                if one.header.seq < place.next {
                    known(one)
                } else {
                    examine(one, place.officer)
                }
            })
            .collect();
        let revoked = device.revoked.is_some();
        let push = Push {
            device: device.id,
            log,
            entries,
            signature,
            revoked,
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
}

fn check_size(segment: &Segment) -> Result<(), WireError> {
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
    }
}

/// What can be said of an entry by itself.
fn examine(verified: Verified, officer: OfficerId) -> Incoming {
    match look(&verified, officer) {
        Ok(change) => Incoming {
            verified,
            change,
            rejected: None,
        },
        Err(refusal) => Incoming {
            verified,
            change: None,
            rejected: Some(refusal),
        },
    }
}

fn look(verified: &Verified, officer: OfficerId) -> Result<Option<(ChangeHash, ActorId)>, Refusal> {
    let Verified { header, entry, .. } = verified;
    if !entry.payload_matches(header) && !shared::mutant!(PayloadUnchecked) {
        return Err(Refusal::new(VerdictCode::PayloadMismatch, ""));
    }
    let mismatch = |detail| Err(Refusal::new(VerdictCode::HeaderMismatch, detail));
    if header.officer != officer {
        return mismatch("officer");
    }
    if header.subject.is_none() && !header.kind.is_audit_only() {
        return mismatch("subject");
    }
    if header.kind != EntryKind::Change {
        let long = entry.payload.len() > STATEMENT_BYTES && header.schema <= SCHEMA;
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
