//! The one request that does push and pull.

use shared::time::UnixMs;
use shared::wire::{
    Checkpoint, Credential, Cursors, ErrorCode, ExchangeRequest, ExchangeResponse, SessionState,
    VERSION_MAX, VERSION_MIN, WireError,
};

use super::gate::refuse;
use super::{Moved, Server};
use crate::store::{Device, Heard, News, NewsQuery, Receipt};

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
            Some(segment) => self.receive(&device, segment, Some(request.waiting), now)?,
            None => self.hear(&device, request.waiting, now)?,
        }
        let session = self.session_state(credential, &device, request.version, request.log)?;
        let news = session == SessionState::Current;
        if news {
            self.store.align_grants(request.log, now).map_err(refuse)?;
        }
        // Cursors of another lineage mean nothing here: the device sets its own back to where
        // the lineages parted, and asks again.
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
        let query = NewsQuery {
            log: request.log,
            device: device.id,
            cursors: (news && same_epoch).then(|| request.cursors.clone()),
            received: request.received.filter(|_| same_epoch),
            budget: (request.budget as usize).min(BUDGET_MAX),
            digests: request.digests == Some(true),
        };
        let news = self.store.news(&query).map_err(refuse)?;
        let version = request.version.clamp(VERSION_MIN, VERSION_MAX);
        let mut answer = self.answer(version, session, request.cursors, news, now);
        if !same_epoch {
            answer.lineage = Some(self.store.lineage().map_err(refuse)?);
        }
        Ok(answer)
    }

    fn answer(
        &self,
        version: u16,
        session: SessionState,
        answers: Cursors,
        news: News,
        now: UnixMs,
    ) -> ExchangeResponse {
        ExchangeResponse {
            version,
            epoch: self.epoch,
            server_time: now,
            session,
            checkpoint: news.receipt.map(|it| self.checkpoint(it).into()),
            answers,
            feed: news.feed,
            records: news.records,
            mail: news.mail,
            reference: news.reference,
            backfills: news.backfills,
            more: news.more,
            policy: news.counters.policy,
            horizon: news.counters.horizon,
            digests: news.digests,
            lineage: None,
        }
    }

    /// A receipt, signed.
    pub(super) fn checkpoint(&self, receipt: Receipt) -> Vec<u8> {
        let checkpoint = Checkpoint {
            epoch: self.epoch,
            log: receipt.log,
            seq: receipt.seq,
            header: receipt.header,
            position: receipt.position,
            at: receipt.at,
        };
        checkpoint.sign(&self.receipt_key)
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
                    waiting: Some(waiting),
                },
                now,
            )
            .map_err(refuse)?;
        self.tell(Moved::Devices);
        Ok(())
    }
}
