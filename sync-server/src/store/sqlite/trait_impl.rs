//! The trait over the modules: which units of work write, and which only read.

use shared::hash::BlobHash;
use shared::ids::{
    DeviceId, EntryId, LogId, MailSeq, OfficerId, PolicySeq, RecordId, ReferenceSeq, Seq,
};
use shared::policy::Authority;
use shared::time::UnixMs;
use shared::wire::{Scope, VerdictCode};

use super::mailbox::{self, Due};
use super::sql::run;
use super::{
    SqliteStore, audit, case, console, counters, desk, devices, grants, imported, lock, news,
    notices, own_logs, people, photos, queue, receipts, receive, sessions, staging,
};
use crate::store::*;
use crate::view::Figures;

impl Store for SqliteStore {
    fn counters(&self) -> Result<Counters, StoreError> {
        self.read(|tx| counters(tx))
    }

    fn prove_writable(&self) -> Result<(), StoreError> {
        let sql = "UPDATE state SET epoch = epoch WHERE id = 1";
        match self.write(|tx| run(tx, sql, ()))? {
            1 => Ok(()),
            _ => Err(StoreError::Damaged("state")),
        }
    }

    fn add_people(&self, all: &[PersonEntry], now: UnixMs) -> Result<Added, StoreError> {
        self.write(|tx| people::add(tx, all, now))
    }

    fn end_person(&self, collar: &str, now: UnixMs) -> Result<bool, StoreError> {
        self.write(|tx| people::end(tx, collar, now))
    }

    fn authority(&self) -> Result<Authority, StoreError> {
        self.read(|tx| people::authority(tx))
    }

    fn authority_at(
        &self,
        policy: PolicySeq,
        officers: &[OfficerId],
    ) -> Result<Authority, StoreError> {
        self.read(|tx| people::authority_at(tx, policy, officers))
    }

    fn account(&self, collar: &str) -> Result<Option<Account>, StoreError> {
        self.read(|tx| people::account(tx, collar))
    }

    fn note_attempt(&self, officer: OfficerId, attempt: Attempt) -> Result<(), StoreError> {
        self.write(|tx| people::note_attempt(tx, officer, attempt))
    }

    fn add_code(&self, code: &NewCode, now: UnixMs) -> Result<(), StoreError> {
        self.write(|tx| devices::add_code(tx, code, now))
    }

    fn enrol(&self, device: &NewDevice, now: UnixMs) -> Result<Option<String>, StoreError> {
        self.write(|tx| devices::enrol(tx, device, now))
    }

    fn device(&self, credential: &[u8; 32]) -> Result<Option<Device>, StoreError> {
        self.read(|tx| devices::by_credential(tx, credential))
    }

    fn devices(&self) -> Result<Vec<Device>, StoreError> {
        self.read(|tx| devices::list(tx))
    }

    fn revoke(&self, device: DeviceId, now: UnixMs) -> Result<bool, StoreError> {
        self.write(|tx| devices::revoke(tx, device, now))
    }

    fn open_session(&self, session: &NewSession, now: UnixMs) -> Result<Opened, StoreError> {
        self.write(|tx| sessions::open(tx, session, now))
    }

    fn session(&self, token: &[u8; 32], now: UnixMs) -> Result<Option<Session>, StoreError> {
        self.read(|tx| sessions::find(tx, token, now))
    }

    fn align_grants(&self, log: LogId, now: UnixMs) -> Result<bool, StoreError> {
        if !self.read(|tx| grants::stale(tx, log, now))? {
            return Ok(false);
        }
        self.write(|tx| grants::align(tx, log, now))
    }

    fn grants(&self, log: LogId) -> Result<Vec<Scope>, StoreError> {
        let granted = self.read(|tx| grants::of(tx, log))?;
        Ok(granted.into_iter().map(|(scope, _)| scope).collect())
    }

    fn close_session(&self, token: &[u8; 32]) -> Result<(), StoreError> {
        self.write(|tx| sessions::close(tx, token))
    }

    fn place(&self, log: LogId, first: Seq) -> Result<Option<Place>, StoreError> {
        self.read(|tx| receive::place(tx, log, first))
    }

    fn receipt(&self, log: LogId) -> Result<Option<Receipt>, StoreError> {
        self.read(|tx| receive::receipt_of(tx, log))
    }

    fn receive(&self, push: &Push, now: UnixMs) -> Result<Received, StoreError> {
        if shared::mutant!(ReceiptBeforeCommit) {
            lock(&self.writer).execute_batch("PRAGMA synchronous = OFF;")?;
        }
        let received = self.write(|tx| {
            devices::heard(tx, &push.heard(), now)?;
            receive::receive(tx, push, now)
        });
        if shared::mutant!(ReceiptBeforeCommit) {
            lock(&self.writer).execute_batch("PRAGMA synchronous = FULL;")?;
        }
        received
    }

    fn heard(&self, heard: &Heard, now: UnixMs) -> Result<(), StoreError> {
        self.write(|tx| devices::heard(tx, heard, now))
    }

    fn forget_mail(&self, log: LogId, until: MailSeq) -> Result<(), StoreError> {
        // Most exchanges acknowledge nothing new: those need no writer.
        match self.read(|tx| mailbox::due(tx, log, until))? {
            Due::Nothing => Ok(()),
            Due::Forget => self.write(|tx| mailbox::forget(tx, log, until)),
            Due::SayAgain => self.write(|tx| mailbox::say_again(tx, log)),
        }
    }

    fn news(&self, query: &NewsQuery) -> Result<News, StoreError> {
        self.read(|tx| news::news(tx, query, &self.authority))
    }

    fn judge(
        &self,
        sitting: &Sitting,
        judge: &mut dyn Judge,
        now: UnixMs,
    ) -> Result<Judged, StoreError> {
        // With nothing to judge there is nothing to write.
        if !self.read(|tx| queue::is_pending(tx))? {
            return Ok(Judged::default());
        }
        self.write(|tx| desk::judge(tx, sitting, judge, now))
    }

    fn known(&self, id: EntryId) -> Result<Known, StoreError> {
        self.read(|tx| case::known_entry(tx, id))
    }

    fn audit_of(&self, record: RecordId) -> Result<Vec<(String, String)>, StoreError> {
        self.read(|tx| audit::of(tx, record))
    }

    fn changes(&self, record: RecordId) -> Result<Vec<Vec<u8>>, StoreError> {
        self.read(|tx| super::records::changes(tx, record))
    }

    fn requeue(&self, code: VerdictCode) -> Result<u64, StoreError> {
        self.write(|tx| queue::requeue(tx, code))
    }

    fn unstage(&self, staging: &Staging) -> Result<u64, StoreError> {
        if !self.read(|tx| staging::is_over(tx))? {
            return Ok(0);
        }
        self.write(|tx| staging::unstage(tx, staging))
    }

    fn pending(&self, device: DeviceId) -> Result<u64, StoreError> {
        self.read(|tx| queue::pending(tx, device))
    }

    fn append_own(
        &self,
        own: &OwnLog<'_>,
        sign: &mut dyn FnMut(&OwnPlace) -> Push,
        now: UnixMs,
    ) -> Result<Received, StoreError> {
        self.write(|tx| own_logs::append(tx, own, sign, now))
    }

    fn notices(&self, now: UnixMs) -> Result<Vec<NoticeRow>, StoreError> {
        self.read(|tx| notices::standing(tx, now))
    }

    fn upload_claim(
        &self,
        device: DeviceId,
        record: RecordId,
        blob: BlobHash,
    ) -> Result<Claim, StoreError> {
        self.read(|tx| photos::claim(tx, device, record, blob))
    }

    fn upload_open(&self, upload: &Upload, now: UnixMs) -> Result<(), StoreError> {
        self.write(|tx| photos::open(tx, upload, now))
    }

    fn upload(&self, device: DeviceId, blob: BlobHash) -> Result<Option<Upload>, StoreError> {
        self.read(|tx| photos::find(tx, device, blob))
    }

    fn upload_close(&self, device: DeviceId, blob: BlobHash) -> Result<(), StoreError> {
        self.write(|tx| photos::close(tx, device, blob))
    }

    fn uploads_before(&self, device: DeviceId, at: UnixMs) -> Result<Vec<BlobHash>, StoreError> {
        self.read(|tx| photos::opened_before(tx, device, at))
    }

    fn has_brought(&self, device: DeviceId, blob: BlobHash) -> Result<bool, StoreError> {
        self.read(|tx| photos::has_brought(tx, device, blob))
    }

    fn photo_stored(
        &self,
        device: DeviceId,
        blob: BlobHash,
        bytes: u64,
        now: UnixMs,
    ) -> Result<Vec<Scope>, StoreError> {
        self.write(|tx| photos::stored(tx, device, blob, bytes, now))
    }

    fn photo_access(&self, reader: Reader, blob: BlobHash) -> Result<PhotoAccess, StoreError> {
        self.read(|tx| photos::access(tx, reader, blob))
    }

    fn console_list(&self, query: &ListQuery) -> Result<ConsoleList, StoreError> {
        self.read(|tx| console::list(tx, query))
    }

    fn console_detail(
        &self,
        record: RecordId,
        reader: OfficerId,
        now: UnixMs,
    ) -> Result<Option<Detail>, StoreError> {
        self.write(|tx| console::detail(tx, record, reader, now))
    }

    fn referenced(&self, reference: &str) -> Result<Vec<Referenced>, StoreError> {
        self.read(|tx| receipts::referenced(tx, reference))
    }

    fn set_reference(&self, name: &str, body: &[u8]) -> Result<ReferenceSeq, StoreError> {
        self.write(|tx| imported::set_reference(tx, name, body))
    }

    fn reference(&self, name: &str) -> Result<Option<(ReferenceSeq, Vec<u8>)>, StoreError> {
        self.read(|tx| imported::reference(tx, name))
    }

    fn add_published(&self, file: &[u8; 32], rows: &[PublishedRow]) -> Result<u64, StoreError> {
        self.write(|tx| imported::add_published(tx, file, rows))
    }

    fn published(&self, limit: u32) -> Result<(u64, Vec<PublishedRow>), StoreError> {
        self.read(|tx| imported::published(tx, limit))
    }

    fn audit(&self, event: &AuditEvent, now: UnixMs) -> Result<(), StoreError> {
        self.write(|tx| audit::append(tx, event, now))
    }

    fn verify_audit(&self) -> Result<(u64, Option<u64>), StoreError> {
        self.read(|tx| audit::verify(tx))
    }

    fn figures(&self) -> Result<Figures, StoreError> {
        self.read(|tx| imported::figures(tx))
    }
}
