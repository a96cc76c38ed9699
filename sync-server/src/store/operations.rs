//! What operations need of a store, beside its daily work: lineages, copies, erasure, what
//! revoked devices sent, evidence of forks, and requests for the key of a vault.

use std::path::Path;

use shared::hash::{BlobHash, HeaderHash};
use shared::ids::{DeviceId, Epoch, LogId, OperationId, ReceivePos, RecordId, Seq};
use shared::time::UnixMs;
use shared::wire::Branch;

use super::{
    AuditRow, Evidence, Kept, LogEntry, LogRow, NewErasure, NewRecovery, PostingChange, Recovery,
    Sealed, StoreError, Unsealed, Wiped,
};

/// What every backend does for operations.
pub trait Operations: Send + Sync {
    /// How this lineage descends from older ones, the newest first.
    fn lineage(&self) -> Result<Vec<Branch>, StoreError>;
    /// Begins a new lineage here: sessions and codes end, every vault is told its grants
    /// again, and the numbers that devices keep begin above all that the old one can have
    /// given.
    fn begin_epoch(&self, epoch: Epoch, now: UnixMs) -> Result<Branch, StoreError>;
    /// Raises the receive position up to which everything is covered, never above what was
    /// received; gives where it is then.
    fn raise_horizon(&self, to: ReceivePos) -> Result<ReceivePos, StoreError>;
    /// Writes a copy of the database, as of one moment, while others write.
    fn copy_to(&self, path: &Path) -> Result<(), StoreError>;
    /// The rows of the audit after one, in order.
    fn audit_after(&self, after: u64, limit: u32) -> Result<Vec<AuditRow>, StoreError>;
    /// All logs, oldest first.
    fn logs(&self) -> Result<Vec<LogRow>, StoreError>;
    /// The entries of a log from a sequence on, in order.
    fn log_entries(&self, log: LogId, from: Seq, limit: u32) -> Result<Vec<LogEntry>, StoreError>;
    /// The signatures of its commits, by sequence.
    fn commits(&self, log: LogId) -> Result<Vec<(Seq, Vec<u8>)>, StoreError>;

    /// True if anything of a record was received.
    fn knows(&self, record: RecordId) -> Result<bool, StoreError>;
    /// The lines of the erasure ledger that were carried out, in order.
    fn erasures(&self) -> Result<Vec<String>, StoreError>;
    /// Destroys what a record says, and tells the vaults that hold it; none if that was done
    /// before.
    fn erase(&self, erasure: &NewErasure, now: UnixMs) -> Result<Option<Wiped>, StoreError>;
    /// Photos whose bytes have still to be destroyed.
    fn doomed(&self) -> Result<Vec<BlobHash>, StoreError>;
    /// Notes that the bytes of a photo were destroyed.
    fn destroyed(&self, blob: BlobHash) -> Result<(), StoreError>;

    /// What a revoked device sent, sealed, in order of receipt after a position.
    fn sealed(
        &self,
        device: DeviceId,
        after: ReceivePos,
        limit: u32,
    ) -> Result<Vec<Sealed>, StoreError>;
    /// Lets sealed entries go the way of all others; gives how many were still sealed.
    fn release_sealed(&self, entries: &[Unsealed], now: UnixMs) -> Result<u64, StoreError>;
    /// Keeps what a revoked device sent out for good; gives how many entries.
    fn discard_sealed(&self, device: DeviceId, now: UnixMs) -> Result<u64, StoreError>;

    /// The hashes that stand at a place of a log, on whatever branch.
    fn branches_at(&self, log: LogId, seq: Seq) -> Result<Vec<HeaderHash>, StoreError>;
    /// Keeps the tail of a log that has split. It is never judged.
    fn keep_evidence(&self, evidence: &Evidence, now: UnixMs) -> Result<Kept, StoreError>;

    /// Notes a request for the key of a vault; false if the vault asked too often of late.
    fn add_recovery(&self, request: &NewRecovery, now: UnixMs) -> Result<bool, StoreError>;
    /// The request with this code, if it has not expired and has no answer.
    fn recovery(&self, code: &[u8; 32], now: UnixMs) -> Result<Option<Recovery>, StoreError>;
    /// Answers it; false if it has expired or has an answer.
    fn answer_recovery(
        &self,
        code: &[u8; 32],
        answer: &[u8],
        now: UnixMs,
    ) -> Result<bool, StoreError>;
    /// The answer for a vault, until it expires.
    fn recovery_answer(&self, log: LogId, now: UnixMs) -> Result<Option<Vec<u8>>, StoreError>;

    /// Changes what somebody is from now on; false if nobody active has the collar number.
    fn post_person(
        &self,
        collar: &str,
        change: &PostingChange,
        now: UnixMs,
    ) -> Result<bool, StoreError>;
    /// Adds an operation, unless there is one of this name; gives the one there is then.
    fn add_operation(
        &self,
        id: OperationId,
        name: &str,
        now: UnixMs,
    ) -> Result<OperationId, StoreError>;
}
