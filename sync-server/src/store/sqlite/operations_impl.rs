//! The trait of operations over the modules.

use std::path::Path;

use shared::hash::{BlobHash, HeaderHash};
use shared::ids::{DeviceId, Epoch, LogId, OperationId, ReceivePos, RecordId, Seq};
use shared::time::UnixMs;
use shared::wire::Branch;

use super::{SqliteStore, audit, epoch, erase, forks, lock, logs, postings, recover, sealed};
use crate::store::*;

impl Operations for SqliteStore {
    fn lineage(&self) -> Result<Vec<Branch>, StoreError> {
        self.read(|tx| epoch::lineage(tx))
    }

    fn begin_epoch(&self, epoch: Epoch, now: UnixMs) -> Result<Branch, StoreError> {
        self.write(|tx| epoch::begin(tx, epoch, now))
    }

    fn raise_horizon(&self, to: ReceivePos) -> Result<ReceivePos, StoreError> {
        self.write(|tx| epoch::raise_horizon(tx, to))
    }

    fn copy_to(&self, path: &Path) -> Result<(), StoreError> {
        // A reader of its own: whoever writes goes on.
        self.connected(|db| epoch::copy(db, path))
    }

    fn audit_after(&self, after: u64, limit: u32) -> Result<Vec<AuditRow>, StoreError> {
        self.read(|tx| audit::after(tx, after, limit))
    }

    fn logs(&self) -> Result<Vec<LogRow>, StoreError> {
        self.read(|tx| logs::list(tx))
    }

    fn log_entries(&self, log: LogId, from: Seq, limit: u32) -> Result<Vec<LogEntry>, StoreError> {
        self.read(|tx| logs::entries(tx, log, from, limit))
    }

    fn commits(&self, log: LogId) -> Result<Vec<(Seq, Vec<u8>)>, StoreError> {
        self.read(|tx| logs::commits(tx, log))
    }

    fn knows(&self, record: RecordId) -> Result<bool, StoreError> {
        self.read(|tx| erase::knows(tx, record))
    }

    fn erasures(&self) -> Result<Vec<String>, StoreError> {
        self.read(|tx| erase::lines(tx))
    }

    fn erase(&self, erasure: &NewErasure, now: UnixMs) -> Result<Option<Wiped>, StoreError> {
        lock(&self.writer).execute_batch("PRAGMA secure_delete = ON")?;
        let wiped = self.write(|tx| erase::erase(tx, erasure, now));
        let writer = lock(&self.writer);
        writer.execute_batch("PRAGMA secure_delete = OFF")?;
        // What was written before stands in the write-ahead log until that begins anew. A
        // reader that is at it keeps it a little longer.
        super::open::settle(&writer)?;
        wiped
    }

    fn doomed(&self) -> Result<Vec<BlobHash>, StoreError> {
        self.read(|tx| erase::doomed(tx))
    }

    fn destroyed(&self, blob: BlobHash) -> Result<(), StoreError> {
        self.write(|tx| erase::destroyed(tx, blob))
    }

    fn sealed(
        &self,
        device: DeviceId,
        after: ReceivePos,
        limit: u32,
    ) -> Result<Vec<Sealed>, StoreError> {
        self.read(|tx| sealed::list(tx, device, after, limit))
    }

    fn release_sealed(&self, entries: &[Unsealed], now: UnixMs) -> Result<u64, StoreError> {
        self.write(|tx| sealed::release(tx, entries, now))
    }

    fn discard_sealed(&self, device: DeviceId, now: UnixMs) -> Result<u64, StoreError> {
        self.write(|tx| sealed::discard(tx, device, now))
    }

    fn branches_at(&self, log: LogId, seq: Seq) -> Result<Vec<HeaderHash>, StoreError> {
        self.read(|tx| forks::at(tx, log, seq))
    }

    fn keep_evidence(&self, evidence: &Evidence, now: UnixMs) -> Result<Kept, StoreError> {
        self.write(|tx| forks::keep(tx, evidence, now))
    }

    fn add_recovery(&self, request: &NewRecovery, now: UnixMs) -> Result<bool, StoreError> {
        self.write(|tx| recover::add(tx, request, now))
    }

    fn recovery(&self, code: &[u8; 32], now: UnixMs) -> Result<Option<Recovery>, StoreError> {
        self.read(|tx| recover::find(tx, code, now))
    }

    fn answer_recovery(
        &self,
        code: &[u8; 32],
        answer: &[u8],
        now: UnixMs,
    ) -> Result<bool, StoreError> {
        self.write(|tx| recover::answer(tx, code, answer, now))
    }

    fn recovery_answer(&self, log: LogId, now: UnixMs) -> Result<Option<Vec<u8>>, StoreError> {
        self.read(|tx| recover::answered(tx, log, now))
    }

    fn post_person(
        &self,
        collar: &str,
        change: &PostingChange,
        now: UnixMs,
    ) -> Result<bool, StoreError> {
        self.write(|tx| postings::post(tx, collar, change, now))
    }

    fn add_operation(
        &self,
        id: OperationId,
        name: &str,
        now: UnixMs,
    ) -> Result<OperationId, StoreError> {
        self.write(|tx| postings::add_operation(tx, id, name, now))
    }
}
